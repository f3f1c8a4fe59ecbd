"""A file brings identity codes in their own column only, and a refused one is not shown back."""

import pytest
from django.test import Client

from jobmatching.models import JobSeeker
from tests.jobmatching.seekers.sheets import checked, errors, person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("column", ["source_id", "first_name", "last_name"])
def test_an_identity_code_in_another_column_is_refused(signed_in: Client, column: str) -> None:
    response = checked(signed_in, person(1), person(2, **{column: "Aino 030985-9005"}))
    assert errors(response) == [(3, column)]
    assert "030985-9005" not in response.content.decode()
    assert JobSeeker.objects.count() == 0
