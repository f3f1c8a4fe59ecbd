"""Keyed digests of what was deleted."""

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from portal.privacy.retention.proofs import digest_of, digests_of, mark_of, marks_of


def test_a_digest_tells_the_same_keys_whatever_their_order() -> None:
    assert digest_of("jobseekers", [3, 1, 2]) == digest_of("jobseekers", [1, 2, 3])
    assert digest_of("jobseekers", [1, 2]) != digest_of("jobseekers", [1, 2, 3])
    assert digest_of("jobseekers", [12]) != digest_of("jobseekers", [1, 2])
    assert digest_of("jobseekers", [1]) != digest_of("vacancies", [1])
    assert digest_of("jobseekers", []) == ""


def test_a_digest_and_a_mark_need_the_key() -> None:
    digest, mark = digest_of("jobseekers", [7]), mark_of("jobseekers", 7)
    assert len(digest) == len(mark) == 64
    assert digest != mark
    with override_settings(RETENTION_KEYS=["another"]):
        assert digest_of("jobseekers", [7]) != digest
        assert mark_of("jobseekers", 7) != mark
    with override_settings(IDENTITY_INDEX_KEY="", RETENTION_KEYS=[]), pytest.raises(ImproperlyConfigured):
        digest_of("jobseekers", [7])


def test_a_change_of_the_search_key_changes_no_mark() -> None:
    mark = mark_of("jobseekers", 7)
    with override_settings(IDENTITY_INDEX_KEY="another"):
        assert mark_of("jobseekers", 7) == mark


def test_earlier_keys_are_tried_those_of_the_search_too() -> None:
    digest, mark = digest_of("jobseekers", [7]), mark_of("jobseekers", 7)
    with override_settings(RETENTION_KEYS=["new", *settings.RETENTION_KEYS]):
        assert mark_of("jobseekers", 7) != mark
        assert mark in marks_of("jobseekers", 7)
        assert digest in digests_of("jobseekers", [7])
    with override_settings(RETENTION_KEYS=[]):
        mark = mark_of("jobseekers", 7)
        with override_settings(IDENTITY_INDEX_KEY="new", IDENTITY_INDEX_FORMER_KEYS=[settings.IDENTITY_INDEX_KEY]):
            assert mark in marks_of("jobseekers", 7)
        with override_settings(RETENTION_KEYS=["new"]):
            assert mark in marks_of("jobseekers", 7)
