"""People who sign in, and the roles they hold in employment areas over time."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Case, Q, SmallIntegerField, Value, When
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.dated import DatedQuerySet, days_of_row, ends_after_start
from portal.accounts.roles import AREA_ROLES, EMPLOYER_ROLES, INSTALLATION_ROLES, Role
from portal.classifications.models import EmploymentArea


class UserManager(BaseUserManager["User"]):
    """Creates users by e-mail address; addresses are stored in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Someone who signs in. Jobseekers have no account."""

    email = models.EmailField(_("e-mail address"), unique=True)
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=2, default="fi")
    is_staff = models.BooleanField(_("may open the administration pages"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("date joined"), default=timezone.now, editable=False)
    closed_at = models.DateTimeField(_("account closed"), null=True, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ("last_name", "first_name", "pk")
        constraints = (models.UniqueConstraint(Lower("email"), name="accounts_user_email_lower"),)

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """The person's name, or the address where no name is known."""
        return f"{self.first_name} {self.last_name}".strip() or self.email

    def get_short_name(self) -> str:
        return self.first_name or self.email

    @property
    def initials(self) -> str:
        """Two letters for the badge in the bar."""
        return (self.first_name[:1] + self.last_name[:1]).upper() or self.email[:2].upper()


class MembershipQuerySet(DatedQuerySet["RoleMembership"]):
    """Words about memberships."""


class RoleMembership(models.Model):
    """A role that a person holds in an area from a day on, until a day when it ends.

    Roles of the installation have no area. People of partners and employers may have one, for order alone: it opens
    nothing (`areas_where`).
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=30, choices=Role)
    area = models.ForeignKey(
        EmploymentArea,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("employment area"),
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("role membership")
        verbose_name_plural = _("role memberships")
        ordering = ("user", "role", "valid_from", "pk")
        constraints = (
            ends_after_start("accounts_membership_ends_after_start"),
            models.CheckConstraint(
                condition=~Q(role__in=sorted(AREA_ROLES)) | Q(area__isnull=False),
                name="accounts_membership_area_role_has_area",
                violation_error_message=_("Choose the employment area in which the role is held."),
            ),
            models.CheckConstraint(
                condition=~Q(role__in=sorted(INSTALLATION_ROLES)) | Q(area__isnull=True),
                name="accounts_membership_installation_role_has_no_area",
                violation_error_message=_("This role is held in the whole installation: leave the area out."),
            ),
            ExclusionConstraint(
                name="accounts_membership_never_overlaps",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (Coalesce("area", 0), RangeOperators.EQUAL),
                    (days_of_row(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The person holds this role in these days already."),
            ),
            # Whoever gives rights or watches over them uses none of them: administrators and auditors hold no other
            # role at the same time, and an employer's person is not staff.
            ExclusionConstraint(
                name="accounts_membership_duties_apart",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (
                        Case(
                            When(role=Role.ADMINISTRATOR, then=Value(1)),
                            When(role=Role.AUDITOR, then=Value(2)),
                            When(role__in=sorted(EMPLOYER_ROLES), then=Value(3)),
                            default=Value(0),
                            output_field=SmallIntegerField(),
                        ),
                        RangeOperators.NOT_EQUAL,
                    ),
                    (days_of_row(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "Administrators and auditors hold no other role in the same days, and people of employers no role"
                    " of the staff."
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
