"""Employers and the people who act for them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from employers.companies.querysets import EmployerQuerySet
from employers.enums import EmployerKind, MembershipRole
from employers.validators import validate_business_id
from portal.classifications.models import EmploymentArea, Industry, Municipality


class Employer(models.Model):
    """A company, an organisation or a household that seeks workers."""

    kind = models.CharField(_("kind"), max_length=2, choices=EmployerKind, default=EmployerKind.ORGANISATION)
    business_id = models.CharField(
        _("Business ID"), max_length=9, null=True, blank=True, unique=True, validators=[validate_business_id]
    )
    name = models.CharField(_("name"), max_length=200)
    industry = models.ForeignKey(Industry, models.PROTECT, null=True, blank=True, verbose_name=_("industry"))
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, verbose_name=_("municipality")
    )
    area = models.ForeignKey(
        EmploymentArea, models.PROTECT, related_name="employers", verbose_name=_("employment area that serves it")
    )
    website = models.URLField(_("website"), blank=True)
    contact_name = models.CharField(_("contact person"), max_length=200, blank=True)
    contact_email = models.EmailField(_("contact's e-mail"), blank=True)
    contact_phone = models.CharField(_("contact's telephone"), max_length=40, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = EmployerQuerySet.as_manager()

    class Meta:
        verbose_name = _("employer")
        verbose_name_plural = _("employers")
        ordering = ("name", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(business_id=""),
                name="employers_employer_business_id_not_blank",
                violation_error_message=_("Leave the Business ID out or write it whole."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person who acts for an employer from a day on."""

    employer = models.ForeignKey(Employer, models.CASCADE, related_name="memberships", verbose_name=_("employer"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="employer_memberships", verbose_name=_("user")
    )
    role = models.CharField(_("role"), max_length=10, choices=MembershipRole, default=MembershipRole.MEMBER)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("employer's person")
        verbose_name_plural = _("employers' people")
        ordering = ("employer", "user", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("employer", "user"),
                name="employers_membership_once",
                violation_error_message=_("This person acts for the employer already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="employers_membership_ends_after_start",
                violation_error_message=_("The last day must not be before the first day."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}, {self.employer}"
