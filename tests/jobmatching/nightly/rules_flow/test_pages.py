"""The pages of the rules: draft, preview, approval by somebody else, the next night, and back again."""

from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from jobmatching.engine.rules import Weights
from jobmatching.models import MatchingRules, MatchResult, RulesPreview, RulesStep
from jobmatching.nightly import night
from jobmatching.nightly.enums import MATCHING, RulesState
from jobmatching.nightly.rules_flow import job
from jobmatching.nightly.rules_flow.services import NotPreviewed, approve, draft_from, propose
from jobmatching.nightly.rules_versions import in_force
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.runs.models import JobRun, RunState
from portal.runs.services import fail, open_run
from portal.runs.stopping import stop
from portal.ui.limits import Limit
from tests.jobmatching.nightly.rules_flow.test_forms import written
from tests.world import World

WHY = "Osaamisen <b>pitäisi</b> painaa enemmän."


def signed_in(world: World, role: Role) -> Client:
    client = Client()
    client.force_login(world.own.users[role])
    return client


def text(response: HttpResponse) -> str:
    assert response.status_code == 200
    return response.content.decode()


def at(name: str, thing: Any) -> str:
    return reverse(f"matching:{name}", args=[thing.pk])


def lead(world: World) -> User:
    return world.own.users[Role.TEAM_LEAD]


def a_draft(world: World, **changed: Any) -> MatchingRules:
    weights = replace(Weights(), **({"occupation": 20, "skills": 70, "experience": 10} | changed))
    return draft_from(in_force(), weights, WHY, lead(world))


# --- From draft to night and back ------------------------------------------------------------------------------------
def test_the_whole_way_of_a_change(world: World) -> None:
    before, writer, manager = in_force(), signed_in(world, Role.TEAM_LEAD), signed_in(world, Role.MANAGER)
    posted = written(Weights(), occupation="20", skills="70", experience="10", purpose=WHY)
    answer = writer.post(at("rules_draft", before), posted)
    version = MatchingRules.objects.get(purpose=WHY)
    assert answer["Location"] == at("rules_version", version)
    assert (version.drafted_by, version.based_on, version.weights["skills"]) == (lead(world), before, 70)

    page = text(writer.get(answer["Location"]))
    assert escape(WHY) in page
    assert "20&nbsp;%" in page or "20\xa0%" in page
    assert at("rules_start_preview", version) in page

    made = writer.post(at("rules_start_preview", version))
    preview = RulesPreview.objects.get(rules=version)
    assert made["Location"] == at("rules_preview", preview)
    assert 'hx-trigger="every 2s"' in text(writer.get(made["Location"]))
    job.work(preview.run_id)
    seen = text(writer.get(made["Location"]))
    assert "hx-trigger" not in seen
    assert "hx-swap-oob" in text(writer.get(at("rules_preview_progress", preview)))

    writer.post(at("rules_send", version))
    version.refresh_from_db()
    assert version.state == RulesState.PROPOSED
    answer = manager.post(at("rules_decide", version), {"decision": "approve", "reason": "Nähty ja sovittu."})
    assert answer["Location"] == at("rules_version", version)
    version.refresh_from_db()
    assert (version.state, version.approved_by) == (RulesState.IN_FORCE, world.own.users[Role.MANAGER])
    now = MatchResult.objects.now()
    assert now is not None
    assert now.rules_id == before.pk  # the lists are those of the night before, until the next one
    run = night.run_here(world.day)
    assert run.rules_version == version.version

    # Back again: a draft from the version that was in force before, decided on like any other.
    before.refresh_from_db()
    assert at("rules_draft", before) in text(writer.get(at("rules_version", before)))
    writer.post(at("rules_draft", before), written(Weights(), purpose="Takaisin."))
    back = MatchingRules.objects.get(purpose="Takaisin.")
    assert (back.weights, back.based_on) == (before.weights, before)


def test_every_step_stands_on_the_page_with_who_and_why(world: World) -> None:
    version = world.rules_proposal
    signed_in(world, Role.MANAGER).post(
        at("rules_decide", version), {"decision": "reject", "reason": "Ei nyt <i>tällä</i> tavalla."}
    )
    version.refresh_from_db()
    assert version.state == RulesState.REJECTED
    page = text(signed_in(world, Role.AUDITOR).get(at("rules_version", version)))
    assert escape("Ei nyt <i>tällä</i> tavalla.") in page
    assert str(lead(world)) in page
    assert str(world.own.users[Role.MANAGER]) in page


def test_the_list_has_every_version_and_keeps_its_filter(world: World) -> None:
    auditor = signed_in(world, Role.AUDITOR)
    page = text(auditor.get(reverse("matching:rules")))
    for version in MatchingRules.objects.exclude(state__in=(RulesState.RETIRED, RulesState.WITHDRAWN)):
        assert at("rules_version", version) in page
    assert at("rules_draft", in_force()) not in page  # an auditor drafts nothing
    withdrawn = a_draft(world)
    signed_in(world, Role.TEAM_LEAD).post(at("rules_withdraw", withdrawn), {"reason": "Ei tarpeen."})
    assert at("rules_version", withdrawn) in text(auditor.get(reverse("matching:rules"), {"tila": "withdrawn"}))
    assert at("rules_version", withdrawn) not in text(auditor.get(reverse("matching:rules"), {"tila": "rejected"}))


def test_a_version_is_compared_with_the_one_that_is_asked_for(world: World) -> None:
    manager = signed_in(world, Role.MANAGER)
    compared = manager.get(at("rules_version", world.rules_proposal), {"vertaa": world.rules_draft.version})
    changed = {line.label for group in compared.context["groups"] for line in group.lines if line.changed}
    assert compared.context["other"] == world.rules_draft
    assert len(changed) == 4  # two shares, the unknown, the length of the list
    usual = manager.get(at("rules_version", world.rules_proposal))
    assert usual.context["other"] == in_force()
    assert sum(group.changed for group in usual.context["groups"]) == 3


# --- Writing ---------------------------------------------------------------------------------------------------------
def test_what_was_typed_stays_when_something_is_wrong(world: World) -> None:
    posted = written(Weights(), occupation="77", floor="31.25", experience_steps="6, kaksi", purpose=WHY)
    page = text(signed_in(world, Role.TEAM_LEAD).post(at("rules_draft", in_force()), posted))
    for typed in ('value="77"', 'value="31.25"', 'value="6, kaksi"', escape(WHY)):
        assert typed in page
    assert "k-errors" in page
    assert not MatchingRules.objects.filter(purpose=WHY).exists()


def test_too_many_steps_for_the_classification_are_told_at_their_field(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jobmatching.engine import features

    room = features.FeatureSpace.of(replace(_engine(), weights=replace(Weights(), experience_steps=(6, 12)))).ranges.end
    monkeypatch.setattr(features, "MAX_FEATURES", room)
    page = text(signed_in(world, Role.TEAM_LEAD).post(at("rules_draft", in_force()), written(Weights(), purpose=WHY)))
    assert "2 portaalle" in page
    assert not MatchingRules.objects.filter(purpose=WHY).exists()


def _engine() -> Any:
    from jobmatching.nightly.rules_versions import engine_rules

    return engine_rules(in_force())


def test_a_draft_is_changed_by_its_writer_alone(world: World) -> None:
    version, writer = world.rules_draft, signed_in(world, Role.TEAM_LEAD)
    digest = version.digest
    writer.post(at("rules_edit", version), written(Weights(), unknown="45", purpose="Muutettu."))
    version.refresh_from_db()
    assert (version.weights["unknown"], version.purpose) == (45, "Muutettu.")
    assert version.digest != digest
    signed_in(world, Role.MANAGER).post(at("rules_edit", version), written(Weights(), unknown="1", purpose="Oma."))
    version.refresh_from_db()
    assert version.weights["unknown"] == 45


def test_a_draft_that_says_the_same_is_not_sent(world: World) -> None:
    version = a_draft(world, occupation=45, skills=40, experience=15)
    answer = signed_in(world, Role.TEAM_LEAD).post(at("rules_send", version), follow=True)
    assert "Muuta ensin" in text(answer)
    version.refresh_from_db()
    assert version.state == RulesState.DRAFT


# --- Deciding --------------------------------------------------------------------------------------------------------
def test_the_writer_does_not_decide_even_as_a_manager(world: World) -> None:
    manager = world.own.users[Role.MANAGER]
    version = draft_from(in_force(), replace(Weights(), unknown=20), WHY, manager)
    job.run_here(version, manager)
    propose(version.pk, manager)
    client = signed_in(world, Role.MANAGER)
    page = text(client.get(at("rules_version", version)))
    assert at("rules_decide", version) not in page
    answer = client.post(at("rules_decide", version), {"decision": "approve", "reason": "Oma."}, follow=True)
    assert "pyydä" in text(answer)
    version.refresh_from_db()
    assert version.state == RulesState.PROPOSED
    other = Client()
    other.force_login(world.other.users[Role.MANAGER])
    other.post(at("rules_decide", version), {"decision": "approve", "reason": "Nähty."})
    version.refresh_from_db()
    assert version.state == RulesState.IN_FORCE


def test_nothing_is_approved_before_its_effect_can_be_seen(world: World) -> None:
    version = a_draft(world)
    propose(version.pk, lead(world))
    manager = world.own.users[Role.MANAGER]
    with pytest.raises(NotPreviewed):
        approve(version.pk, manager, "Suoraan.")
    answer = signed_in(world, Role.MANAGER).post(
        at("rules_decide", version), {"decision": "approve", "reason": "Suoraan."}, follow=True
    )
    assert "esikatselu" in text(answer)
    job.run_here(version, manager)
    approve(version.pk, manager, "Nähty.")
    assert in_force() == version


def test_a_preview_of_the_draft_as_it_was_before_does_not_count(world: World) -> None:
    version = a_draft(world)
    job.run_here(version, lead(world))
    client = signed_in(world, Role.TEAM_LEAD)
    client.post(at("rules_edit", version), written(Weights(), unknown="1", purpose=WHY))
    assert client.get(at("rules_version", version)).context["previewed"] is False
    old = RulesPreview.objects.get(rules=version)
    assert client.get(at("rules_preview", old)).context["outdated"] is True
    propose(version.pk, lead(world))
    with pytest.raises(NotPreviewed):
        approve(version.pk, world.own.users[Role.MANAGER], "Vanhan perusteella.")


def test_a_decision_needs_its_reason(world: World) -> None:
    answer = signed_in(world, Role.MANAGER).post(at("rules_decide", world.rules_proposal), {"decision": "approve"})
    assert "k-errors" in text(answer)
    assert not RulesStep.objects.filter(rules=world.rules_proposal, to_state=RulesState.IN_FORCE).exists()


# --- Previews --------------------------------------------------------------------------------------------------------
def test_a_preview_that_failed_says_so_and_can_be_made_again(world: World) -> None:
    client, version = signed_in(world, Role.TEAM_LEAD), world.rules_draft
    client.post(at("rules_start_preview", version))
    first = RulesPreview.objects.get(rules=version)
    fail(first.run_id, "RulesDamaged: the content <of> the version")
    page = text(client.get(at("rules_preview", first)))
    assert escape("RulesDamaged: the content <of> the version") in page
    assert at("rules_start_preview", version) in page
    client.post(at("rules_start_preview", version))
    again = RulesPreview.objects.filter(rules=version).order_by("-pk")[0]
    job.work(again.run_id)
    assert JobRun.objects.get(pk=again.run_id).state == RunState.SUCCEEDED
    assert client.get(at("rules_version", version)).context["previewed"] is True


def test_one_preview_at_a_time_and_none_while_matching_is_stopped(world: World) -> None:
    client = signed_in(world, Role.TEAM_LEAD)
    open_run(job.JOB, world.day)
    page = text(client.post(at("rules_start_preview", world.rules_draft), follow=True))
    assert "Toista esikatselua" in page
    JobRun.objects.filter(job=job.JOB).delete()
    stop(MATCHING, None, "Listat näyttävät vääriltä.")
    page = text(client.post(at("rules_start_preview", world.rules_draft), follow=True))
    assert "pysäytetty" in page
    assert not RulesPreview.objects.filter(rules=world.rules_draft).exists()


def test_one_person_has_so_many_previews_made_a_day(world: World) -> None:
    """Many drafts, each a little other, would show people one by one."""
    client, url = signed_in(world, Role.TEAM_LEAD), at("rules_start_preview", world.rules_draft)
    answers = [client.post(url).status_code for _ in range(Limit.PREVIEW.value.most + 1)]
    assert (answers[0], answers[-1]) == (302, 429)


def test_a_preview_that_touches_few_says_that_alone(world: World) -> None:
    made = world.rules_preview
    made.figures |= {"few": True, "seekers": None, "everybody": [], "groups": []}
    made.save(update_fields=["figures"])
    page = text(signed_in(world, Role.TEAM_LEAD).get(at("rules_preview", made)))
    assert "Ryhmien lukuja ei näytetä." in page
    assert 'id="ryhmat"' not in page


def test_who_only_looks_starts_no_preview(world: World) -> None:
    signed_in(world, Role.AUDITOR).post(at("rules_start_preview", world.rules_draft))
    assert not RulesPreview.objects.filter(rules=world.rules_draft).exists()


def test_the_page_shows_figures_of_groups_and_hides_small_ones(world: World) -> None:
    figures = world.rules_preview.figures
    assert figures is not None
    cell = {
        "dimension": "age", "measure": "selected", "place": 0, "cell": "shown", "n": 50,
        "before": 0.5, "after": 0.25, "flag_before": "", "flag_after": "clear",
    }  # fmt: skip
    hidden = {"cell": "small", "n": None, "before": None, "after": None, "flag_before": "", "flag_after": ""}
    groups = [cell | {"group": "0-24"}, cell | {"group": "25-29", "place": 1} | hidden]
    told = figures | {"groups": groups, "few": False, "seekers": 7, "new": 3, "gone": 1, "up": 0, "down": 0}
    RulesPreview.objects.filter(pk=world.rules_preview.pk).update(figures=told)
    page = signed_in(world, Role.MANAGER).get(at("rules_preview", world.rules_preview))
    first, second = page.context["rows"]
    assert (first.before.replace("\xa0", " "), first.after.replace("\xa0", " ")) == ("50,0 %", "25,0 %")
    assert first.newly_flagged
    assert page.context["worsened"] == ["alle 25 (ikä): on jollakin listalla"]
    assert (second.hidden, second.before, second.after) == ("small", "–", "–")
    assert "&lt;5" in text(page)


def test_of_few_people_only_that_is_told(world: World) -> None:
    figures = (world.rules_preview.figures or {}) | {"few": True, "seekers": None, "new": None, "gone": None}
    RulesPreview.objects.filter(pk=world.rules_preview.pk).update(figures=figures)
    page = signed_in(world, Role.MANAGER).get(at("rules_preview", world.rules_preview))
    assert page.context["places"] == []
    assert "alle 5" in text(page)
