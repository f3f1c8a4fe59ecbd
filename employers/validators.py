"""Checks of what employers are told by."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fi import ytunnus


def validate_business_id(value: str) -> None:
    """Raise unless `value` is a Finnish Business ID in the form 1234567-8 with the right check digit."""
    try:
        plain = ytunnus.validate(value)
    except NumberError as error:
        raise ValidationError(
            _("Check the Business ID: it has seven digits, a hyphen and a check digit, for example 2617416-4."),
            code="business_id",
        ) from error
    if value != ytunnus.format(plain):
        raise ValidationError(_("Write the Business ID with its hyphen, for example 2617416-4."), code="business_id")
