"""Explanations: they add up to the score, say what is known, and ask for what is not."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from employers.models import Vacancy
from jobmatching.engine.criteria import Criterion, State
from jobmatching.models import JobSeeker, Match, MatchResult, NearMiss
from jobmatching.nightly import night
from jobmatching.nightly.explaining.pairs import Pair, tell_pairs
from jobmatching.nightly.explaining.stories import PairStory
from jobmatching.nightly.states import unpack_states
from tests.jobmatching.nightly.conftest import DAY


@pytest.fixture
def result(area: None) -> MatchResult:
    night.run_here(DAY)
    found = MatchResult.objects.now()
    assert found is not None
    return found


def stories(result: MatchResult, count: int = 40) -> list[tuple[Match, PairStory]]:
    """Stories of some stored pairs, spread over the scores."""
    matches = list(Match.objects.filter(run_id=result.run_id).order_by("score", "pk"))
    chosen = matches[:: max(1, len(matches) // count)]
    vacancies = Vacancy.objects.for_page().in_bulk({match.vacancy_id for match in chosen})
    seekers = JobSeeker.objects.for_page().in_bulk({match.seeker_id for match in chosen})
    pairs = [Pair(vacancies[match.vacancy_id], seekers[match.seeker_id]) for match in chosen]
    return list(zip(chosen, tell_pairs(result, pairs), strict=True))


def test_points_add_up_exactly_to_the_score(result: MatchResult) -> None:
    for match, story in stories(result):
        assert story.score == match.score == sum(criterion.had or 0 for criterion in story.scored)
        assert story.possible == 1_000_000
        assert [criterion.had for criterion in story.scored] == [
            match.occupation_points, match.skills_points, match.experience_points,
        ]  # fmt: skip


def test_words_agree_with_the_engine_on_every_requirement(result: MatchResult) -> None:
    """The facts told to people are found apart from the masks of the kernel: they must say the same."""
    for match, story in stories(result):
        states = unpack_states(match.states)
        assert story.states[:3] == states[:3]
        for criterion in (Criterion.WORKING_TIME, Criterion.LANGUAGES, Criterion.PERMITS):
            told = story.criteria[criterion]
            asked = {fact.state for fact in told.facts}
            expected = State.NOT_ASKED if not asked else State.UNKNOWN if State.UNKNOWN in asked else State.MET
            assert (told.state, states[criterion]) == (expected, expected), told


def test_a_candidate_misses_nothing_and_questions_name_the_unknown(result: MatchResult) -> None:
    asked_something = False
    for _match, story in stories(result):
        assert all(fact.state is not State.MISSING for criterion in story.criteria for fact in criterion.facts)
        unknown = [criterion for criterion in story.criteria if criterion.state is State.UNKNOWN]
        assert len(story.questions) == len(unknown)
        asked_something = asked_something or bool(unknown)
    assert asked_something


def test_skills_counted_are_skills_told_or_implied(result: MatchResult) -> None:
    for _match, story in stories(result):
        skills = story.criteria[Criterion.SKILLS]
        if skills.state is State.MET:
            met, asked = (int(number) for number in skills.brief.replace("\u00a0", " ").split(" / "))
            assert met == asked


def test_a_profile_changed_since_the_run_is_said_to_have_changed(result: MatchResult) -> None:
    (_match, before), *_rest = stories(result, 1)
    assert not before.changed_since
    JobSeeker.objects.filter(pk=before.seeker.pk).update(max_travel_minutes=3)

    (_match, after), *_rest = stories(result, 1)

    assert after.changed_since
    assert after.score == before.score  # the points are those of the run's frozen input


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_command_tells_a_match_as_json(result: MatchResult, language: str) -> None:
    match = Match.objects.filter(run_id=result.run_id).order_by("-score", "pk")[0]
    out = StringIO()

    call_command("explain_match", match.vacancy_id, match.seeker_id, json=True, language=language, stdout=out)

    told = json.loads(out.getvalue().splitlines()[-1])
    assert told["total"] == match.score == sum(row["had"] or 0 for row in told["criteria"])
    assert [row["criterion"] for row in told["criteria"]] == [criterion.name.lower() for criterion in Criterion]
    assert {row["state"] for row in told["criteria"]} <= {"met", "partly", "missing", "unknown", "not_asked"}


def test_a_near_miss_is_told_with_the_one_requirement_that_misses(result: MatchResult) -> None:
    for near in NearMiss.objects.filter(run_id=result.run_id).order_by("pk")[:5]:
        out = StringIO()

        call_command("explain_match", near.vacancy_id, near.seeker_id, json=True, stdout=out)

        told = json.loads(out.getvalue().splitlines()[-1])
        assert told["near_miss"]
        assert told["total"] == near.score
        assert {"missing", "partly"} & {row["state"] for row in told["criteria"][3:]}


def test_a_pair_that_was_not_matched_is_said_so(result: MatchResult) -> None:
    seeker = JobSeeker.objects.exclude(pk__in=Match.objects.filter(run_id=result.run_id).values("seeker_id")).exclude(
        pk__in=NearMiss.objects.filter(run_id=result.run_id).values("seeker_id")
    )
    vacancy = Vacancy.objects.order_by("pk")[0]

    with pytest.raises(CommandError, match="not among"):
        call_command("explain_match", vacancy.pk, seeker.order_by("pk")[0].pk, stdout=StringIO())


def test_stories_of_a_page_need_few_queries(result: MatchResult, django_assert_max_num_queries: object) -> None:
    with translation.override("fi"), django_assert_max_num_queries(34):  # type: ignore[operator]
        stories(result, 25)
