"""The card: made from the criteria, the list of inputs, the constants of the engine and the numbers of the rules."""

from django.utils.translation import gettext as _

from jobmatching.engine.criteria import SCORED, Criterion
from jobmatching.engine.rules import TOP_SCORE, WEIGHT_SUM
from jobmatching.nightly.explaining.words import CRITERION_LABELS
from jobmatching.nightly.fairness.enums import GROUPED, OF_EVERYBODY, OF_GROUPS
from jobmatching.nightly.fairness.measures import FEWEST_COMPARED_WITH, FOUR_FIFTHS
from jobmatching.nightly.fairness.words import MEASURES
from jobmatching.nightly.inputs import EXCLUDED, INPUTS
from jobmatching.nightly.system_card.blocks import Bullets, Section, Table, Text
from jobmatching.nightly.system_card.source import Source
from jobmatching.nightly.weight_words import GROUPS
from portal.privacy.suppression import FEWEST
from portal.ui import formats

_SHARES = {
    Criterion.OCCUPATION: "occupation",
    Criterion.SKILLS: "skills",
    Criterion.EXPERIENCE: "experience",
}


def sections(source: Source) -> list[Section]:
    """The whole card, in the language in use."""
    made = [
        _purpose(),
        _version(source),
        _deciding(),
        _inputs(source),
        _excluded(),
        _admitted(),
        _scores(source),
        _conditions(source),
        _quality(source),
        _equal_treatment(source),
        _limits(source),
        _traces(source),
        _stopping(source),
        _rights(source),
    ]
    return [section for section in made if section is not None]


def _purpose() -> Section:
    return Section(
        "tarkoitus",
        _("Purpose"),
        [
            Text(
                _(
                    "Matching compares each night every open vacancy with every jobseeker whose search is open, and"
                    " proposes pairs that fit. It helps personal coaches and employer services to find pairs that they"
                    " would not find by hand."
                )
            ),
            Bullets(
                [
                    _("It is used to propose jobseekers for vacancies and vacancies for jobseekers."),
                    _(
                        "It is not used to decide on benefits, sanctions or services, nor on the order in which people"
                        " are met."
                    ),
                    _("It gives no grades to people: the points only set the order of a list."),
                ]
            ),
        ],
        ("matching:how", _("How matching works, for everybody")),
    )


def _version(source: Source) -> Section | None:
    if source.installation is None:
        return None
    rules = source.installation.rules
    if rules is None:
        none = _("No rules are in force: nobody is matched. The numbers on this card are the shipped ones.")
        return Section("versio", _("Rules in force"), [Text(none)])
    rows = [
        [_("Version"), rules.version],
        [_("Classification"), rules.classification],
        [_("Approved by"), rules.approved_by or formats.NOTHING],
        [_("Approved"), formats.moment(rules.approved_at) if rules.approved_at else formats.NOTHING],
        [_("Reason"), rules.reason],
    ]
    table = Table(_("The version in force"), [_("What"), _("Here")], rows)
    return Section("versio", _("Rules in force"), [table], ("matching:rules", _("All versions of the rules")))


def _deciding() -> Section:
    return Section(
        "ihminen",
        _("Who decides, and human oversight"),
        [
            Text(_("A person decides on every proposal. Nobody is told, presented or turned down automatically.")),
            Bullets(
                [
                    _("Each proposal shows, criterion by criterion, what is met, partly met, missing or not known."),
                    _("Where something is not known, the page shows it as a question to ask."),
                    _("A change of the rules is drafted by one person and approved by another, with a reason."),
                    _("What a change would do is computed on the last night's data before anybody decides on it."),
                    _("Those who answer for matching can stop all of it at once; each person can be left out."),
                ]
            ),
        ],
    )


def _inputs(source: Source) -> Section:
    rows = []
    for given in INPUTS:
        share = _("a condition")
        if given.criterion in SCORED:
            share = formats.percent(getattr(source.weights, _SHARES[given.criterion]), 0)
        label = str(CRITERION_LABELS[given.criterion])
        rows.append([label, _capital(given.of_vacancy), _capital(given.of_seeker), share])
    header = [_("Criterion"), _("Of the vacancy"), _("Of the jobseeker"), _("Share of the points")]
    return Section(
        "tiedot",
        _("What is read"),
        [
            Table(_("The seven criteria"), header, rows),
            Text(_("What a vacancy does not ask is left out, and its share goes to the other criteria.")),
        ],
    )


def _excluded() -> Section:
    return Section(
        "ei-vaikuta",
        _("What is never read"),
        [
            Bullets([_capital(one.label) for one in EXCLUDED]),
            Text(
                _(
                    "The list is part of the program: tests change each of these fields of a jobseeker and fail when a"
                    " single bit of what matching reads changes with it."
                )
            ),
        ],
    )


def _admitted() -> Section:
    return Section(
        "mukana",
        _("Who is matched"),
        [
            Text(_("A jobseeker is in a night's run when all of this holds:")),
            Bullets(
                [
                    _("the search is open,"),
                    _("the matching of the person has not been paused,"),
                    _("the person is not in a full-time service,"),
                    _("the person is not under non-disclosure,"),
                    _("the processing of the person's data has not been restricted."),
                ]
            ),
            Text(_("Nothing else decides on it. The number of those left out, by reason, stands with each run.")),
        ],
    )


def _scores(source: Source) -> Section:
    numbers = source.weights.to_json()
    tables = [
        Table(
            str(group.label),
            [_("Number"), _("Value")],
            [[str(words.label), words.written(numbers[name])] for name, words in group.weights.items()],
        )
        for group in GROUPS
    ]
    return Section(
        "pisteet",
        _("How points are made"),
        [
            Text(
                _(
                    "The points of a pair are a sum of whole numbers: what the vacancy asks, times how far the"
                    " jobseeker is known to have it, weighted by the numbers below. A pair in which everything fits has"
                    " %(top)s points inside the engine, told as 100; the weights of a vacancy add up to %(sum)s."
                )
                % {"top": formats.number(TOP_SCORE), "sum": formats.number(WEIGHT_SUM)}
            ),
            Text(
                _(
                    "Nothing is learnt from people's choices and nothing is left to chance: the same data and the same"
                    " version of the rules always give the same lists. Of equal points, the lower number in the"
                    " register comes first."
                )
            ),
            *tables,
        ],
    )


def _conditions(source: Source) -> Section:
    labels = [_capital(CRITERION_LABELS[given.criterion]) for given in INPUTS if given.criterion not in SCORED]
    weights = source.weights
    return Section(
        "ehdot",
        _("Conditions, and what is not known"),
        [
            Text(_("Conditions: %(names)s.") % {"names": ", ".join(labels)}),
            Bullets(
                [
                    _("Whoever is known not to meet a condition that the vacancy states is not proposed for it."),
                    _(
                        "What is not known never excludes anybody. A criterion of which nothing is known earns"
                        " %(share)s of its points."
                    )
                    % {"share": formats.percent(weights.unknown, 0)},
                    _(
                        "When exactly one condition is known to be missing, the pair is listed apart as a near miss,"
                        " at most %(n)s for a vacancy."
                    )
                    % {"n": formats.number(weights.near_miss_k)},
                    _("A vacancy gets at most %(vacancy)s candidates, a jobseeker at most %(seeker)s vacancies.")
                    % {"vacancy": formats.number(weights.k_vacancy), "seeker": formats.number(weights.k_seeker)},
                ]
            ),
        ],
    )


def _quality(source: Source) -> Section:
    how = Text(
        _(
            "Quality is measured on data in which people have judged what is right, by the commands evaluate_matching"
            " and evaluate_search; a figure is kept with its day, rules version and sample (--store)."
        )
    )
    if source.installation is None:
        nothing = _("This document holds no figures: those of an installation stand on its own card, with their day.")
        return Section("laatu", _("Measured quality"), [how, Text(nothing)])
    if not source.installation.measurements:
        none = _("Nothing has been measured in this installation yet, so there are no figures to show.")
        return Section("laatu", _("Measured quality"), [how, Text(none)])
    tables = []
    for one in source.installation.measurements:
        facts = [
            [_("Measured"), formats.moment(one.row.measured_at)],
            [_("Rules version"), one.row.version or _("shipped weights, or no rules")],
            [_("Classification"), one.classification],
            [_("Judged data"), f"{one.row.data_set} ({one.row.data_digest[:12]})"],
            [_("Sample"), one.sample],
        ]
        figures = [
            [f"{fact.label} ({fact.small})" if fact.small else fact.label, str(fact.value)] for fact in one.figures
        ]
        tables.append(Table(one.what, [_("What"), _("Here")], facts + figures))
    return Section("laatu", _("Measured quality"), [how, *tables])


def _equal_treatment(source: Source) -> Section:
    numbers = {
        "fewest": formats.number(FEWEST),
        "compared": formats.number(FEWEST_COMPARED_WITH),
        "share": formats.percent(100 * FOUR_FIFTHS, 0),
    }
    blocks: list[Text | Bullets | Table] = [
        Text(
            _("Each night, after matching, its lists are looked at by group: %(groups)s.")
            % {"groups": ", ".join(str(one.label) for one in GROUPED)}
        ),
        Table(
            _("What is measured"),
            [_("Measure"), _("Meaning")],
            [[_capital(one.label), str(MEASURES[one].meaning)] for one in (*OF_GROUPS, *OF_EVERYBODY)],
        ),
        Bullets(
            [
                _("Every figure has its n and an interval of 95 per cent; it is also compared within occupations."),
                _("A group whose figure is below %(share)s of the highest is marked (four-fifths rule).") % numbers,
                _("The highest figure is looked for among groups of at least %(compared)s people.") % numbers,
                _(
                    "Groups of fewer than %(fewest)s people are not shown, nor is a group from which they could be"
                    " counted."
                )
                % numbers,
                _("A mark is no proof: those who answer for matching look into it and write down what they find."),
            ]
        ),
        Text(
            _(
                "How often people decide against the order of a list (override rates) is computed from their recorded"
                " decisions; as long as none are recorded, there is no such figure."
            )
        ),
    ]
    if source.installation is not None and source.installation.report is not None:
        report = source.installation.report
        day = {"day": formats.weekday_year(report.for_date), "version": report.rules_version}
        rows = [[one.label, f"{one.value} ({one.small})"] for one in source.installation.report_figures]
        blocks.append(
            Table(_("Night of %(day)s, rules version %(version)s") % day, [_("Measure"), _("Figure (95 %)")], rows)
        )
    return Section(
        "yhdenvertaisuus", _("Equal treatment"), blocks, ("matching:fairness", _("Figures of equal treatment"))
    )


def _limits(source: Source) -> Section:
    return Section(
        "rajat",
        _("Known limits"),
        [
            Bullets(
                [
                    _("It knows what has been written into the registers. What nobody has asked, it cannot weigh."),
                    _("Skills that only stand in free texts are not read."),
                    _("How near two occupations are comes from the classification; a new kind of work may be missing."),
                    _("The way to work is judged by municipality, not by address."),
                    _("A pair with fewer than %(floor)s points of 100 is not shown, although it may be a good one.")
                    % {"floor": formats.number(source.weights.floor * 100 / TOP_SCORE)},
                    _("Lists are those of the last night: what is entered by day is in them from the next night on."),
                    _("Equal treatment is measured afterwards; a figure that looks even does not prove it."),
                    _("Figures of quality on judged data say little about whether people are employed by a proposal."),
                ]
            )
        ],
    )


def _traces(source: Source) -> Section:
    return Section(
        "jaljet",
        _("Logs, and how a result can be computed again"),
        [
            Bullets(
                [
                    _("Every match names its run, and the run its version of the rules and the hash of its input."),
                    _("The input of a run is frozen before it is matched; computed again, it gives the same result."),
                    _("Input and lists of the last two runs are kept; what changed from run to run for %(time)s.")
                    % {"time": formats.months_span(source.months_kept)},
                    _("Each step of a version of the rules is written down: who took it, when and why."),
                    _("Who has looked at whose profile or list, when and why, stands in the access log."),
                    _("What people enter has a history written by the database itself."),
                ]
            )
        ],
    )


def _stopping(source: Source) -> Section:
    blocks: list[Text | Bullets | Table] = [
        Bullets(
            [
                _("Stop switch: no run starts, one that goes on ends, and lists say that matching is stopped and why."),
                _("Pause of a person: left out from the next night on, with the reason; nothing else changes."),
                _("Both are logged, and those whose work they touch see it on their pages."),
            ]
        )
    ]
    if source.installation is not None:
        stop = source.installation.stop
        now = (
            _("Matching has been stopped since %(at)s: %(reason)s")
            % {"at": formats.moment(stop.since), "reason": stop.reason}
            if stop
            else _("Matching is not stopped.")
        )
        blocks.append(Text(now))
    return Section("pysaytys", _("Stop switch and pauses"), blocks)


def _rights(source: Source) -> Section:
    contact = (
        _("Questions, objections and feedback: %(contact)s") % {"contact": source.installation.contact}
        if source.installation is not None
        else _("Questions, objections and feedback: the contact address on the pages of the installation.")
    )
    return Section(
        "yhteys",
        _("Rights and contact"),
        [
            Bullets(
                [
                    _(
                        "A jobseeker may see what is known of them, the matches and their reasons, and have it"
                        " corrected."
                    ),
                    _("A jobseeker may object to matching; where the objection is accepted, they are left out."),
                ]
            ),
            Text(contact),
        ],
    )


def _capital(label: object) -> str:
    text = str(label)
    return text[:1].upper() + text[1:]
