"""Case files in and out: load(show(x)) = x, all or nothing, and every wrong file refused whole, in words."""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests.builders import make_partnership, make_user
from tests.commands import Answer, case_file, run
from tests.databases import Databases, make_app
from tracker.extensions import db
from tracker.models import AuditEntry, AuditHead, Case, Deadline, Event, Partnership
from tracker.models.facts import reckoned
from tracker.models.partnerships import LocalSetting
from tracker.models.projection import differences
from tracker.models.users import Role
from tracker.procedures.case_file import read_case
from tracker.procedures.plan_file import target_as_json
from tracker.procedures.plan_status import Status
from tracker.procedures.target_dates import Target, read_target
from tracker.queries.case_files import case_file as case_file_of
from tracker.queries.cases import CaseFilter, cases_page, find_case
from tracker.services.case_files import store_all
from tracker.services.demo import CASE_FILES

TODAY = date(2026, 11, 22)
LEFT_OUT = "[left out]"  # a name that reads the same in every process
DHR: dict[str, Any] = {
    "reference": "DHR-2025-001",
    "type": "dhr",
    "edition": "dhr-2016",
    "partnership": "shropshire",
    "criteria": [{"key": "death", "met": "met"}],
    "deaths": [{"on": "2025-01"}],
    "events": [
        {"step": "notification_received", "on": "2025-01-31", "recorded_at": "2025-02-03T09:12:00Z"},
        {"step": "decided_to_review", "on": "2025-02-20", "answers": {"rationale": "The criteria are met."}},
        {"step": "imr_requested", "on": "2025-04-01", "subject": "West Mercia Police"},
        {"step": "qa_feedback_received", "on": "2025-12-01", "answers": {"outcome": "cleared"}},
    ],
}
DHR["events"].insert(3, {"step": "submitted_to_qa", "on": "2025-11-20"})
ASB: dict[str, Any] = {
    "reference": "ASB-2025-001",
    "type": "asb",
    "partnership": "shropshire",
    "complaints": [{"behaviour_on": "2025-01-10", "reported_on": "2025-01-12", "body": "Council", "hate": False}],
    "events": [{"step": "application_received", "on": "2025-02-03"}],
}


@pytest.fixture(autouse=True)
def _today(today_is: Callable[[date], None]) -> None:
    today_is(TODAY)


@pytest.fixture
def app(app: Flask) -> Flask:
    """The application with a partnership; nothing is audited yet."""
    make_partnership()
    db.session.remove()
    return app


def written() -> tuple[int, ...]:
    """How many cases, events, dates and audit entries there are, and where the audit's head is."""
    counts = [
        db.session.scalar(select(func.count()).select_from(table)) for table in (Case, Event, Deadline, AuditEntry)
    ]
    found = (*(int(count or 0) for count in counts), db.session.scalar(select(AuditHead.number)) or 0)
    db.session.remove()
    return found


def changed(case: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """The case with another *value* at a path such as events.1.on."""
    other = deepcopy(case)
    *parents, last = (int(part) if part.isdigit() else part for part in path.split("."))
    at: Any = other
    for part in parents:
        at = at[part]
    if value is LEFT_OUT:
        del at[last]
    else:
        at[last] = value
    return other


def refused(app: Flask, *arguments: object) -> Answer:
    """The answer to a load that is refused: exit 2, nothing on standard output, nothing written."""
    before = written()
    answer = run(app, "case", "load", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert written() == before
    return answer


# -- Out and in again --------------------------------------------------------------------------------------------------


def shown_after_loading(app: Flask, files: list[Path]) -> dict[str, str]:
    """What `flask case show` prints of every case, once its file and the others are loaded in one go."""
    with app.app_context():
        make_partnership()
        cases = [json.loads(path.read_text("utf-8")) for path in files]
        for key in {key for case in cases for key in case.get("contributing", ())}:
            make_partnership(key)
        for email in {case[role] for case in cases for role in ("lead", "chair") if case.get(role)}:
            make_user(Role.OFFICER, email=email)
        db.session.remove()
    loaded = run(app, "case", "load", *files)
    assert (loaded.code, loaded.said) == (0, "")
    return {case["reference"]: run(app, "case", "show", case["reference"]).out for case in cases}


def test_what_is_loaded_is_shown_to_the_letter(own_app: Flask, databases: Databases, tmp_path: Path) -> None:
    files = sorted(CASE_FILES.glob("*.json"))
    first = shown_after_loading(own_app, files)
    assert list(first.values()) == [path.read_text("utf-8") for path in files]
    for reference, text in first.items():
        (tmp_path / f"{reference}.json").write_text(text, "utf-8")
    other = make_app(databases.copy(), tmp_path / "another instance")
    assert shown_after_loading(other, [tmp_path / f"{reference}.json" for reference in first]) == first
    with other.app_context():
        db.engine.dispose()


def test_what_is_loaded_stands_as_its_facts_say(app: Flask) -> None:
    shown_after_loading(app, sorted(CASE_FILES.glob("*.json")))
    cases = db.session.scalars(select(Case)).all()
    assert len(cases) == len(list(CASE_FILES.glob("*.json")))
    assert [(case.reference, differences(case, reckoned(case, TODAY))) for case in cases] == [
        (case.reference, []) for case in cases
    ]


def test_a_case_with_everything_comes_out_as_it_went_in(app: Flask, tmp_path: Path) -> None:
    make_partnership("telford")
    make_user(Role.OFFICER, email="lead@example.gov.uk")
    make_user(Role.CHAIR, email="chair@example.gov.uk")
    db.session.remove()
    full = DHR | {
        "themes": ["one", "Ŵyr"],
        "complaints": [],
        "contributing": ["telford"],
        "criteria": [{"key": "death", "met": "unclear", "evidence": "“Quoted” <b>& more</b>"}],
        "deaths": [{"on": "2025-01-25", "age_band": "25-34"}, {"on": "2025"}],
        "lead": "lead@example.gov.uk",
        "chair": "chair@example.gov.uk",
    }
    full["events"] = [event | {"recorded_at": "2026-01-05T09:12:00.000001Z"} for event in full["events"]]
    assert run(app, "case", "load", case_file(tmp_path / "full.json", full)).json == {"cases": 1, "stored": 1}
    assert run(app, "case", "show", "DHR-2025-001").json == full


WORDS = st.sampled_from(["Ŵyr, “quoted” & <b>bold</b>", "=1+1", "two\nlines", "👩‍👧 %s {0}", "a" * 200, "null", "0"])
DAYS = st.dates(date(2025, 7, 1), date(2026, 6, 1)).map(date.isoformat)
TARGETS = st.sampled_from(
    ["June 2027", "Q3 2026-27", "within 6 months of publication", "by March 2027", "quarterly", "Jan - March 2027"]
)
ACTION = st.fixed_dictionaries(
    {"text": WORDS, "status": st.sampled_from(list(Status)), "outcome": WORDS},
    optional={
        "lead_agency": WORDS,
        "owner": WORDS,
        "milestones": WORDS,
        "completed": st.fixed_dictionaries({"text": WORDS, "on": DAYS}),
        "target": TARGETS.map(lambda text: target_as_json(cast(Target, read_target(text)))),
    },
)
RECOMMENDATION = st.fixed_dictionaries(
    {"text": WORDS},
    optional={
        "number": WORDS,
        "scope": st.sampled_from(["local", "national", "County wide"]),
        "multi_agency": st.booleans(),
        "finding": WORDS,
        "themes": st.lists(WORDS, max_size=2, unique=True),
        "addressees": st.lists(
            st.fixed_dictionaries({"name": WORDS}, optional={"sent_on": DAYS, "response": st.just("refused")}),
            max_size=2,
        ),
        "actions": st.lists(ACTION, max_size=2),
    },
)
EVERYTHING = st.fixed_dictionaries(
    {},
    optional={
        "themes": st.lists(WORDS, max_size=2, unique=True),
        "contributing": st.just(["telford"]),
        "criteria": st.lists(
            st.fixed_dictionaries({"key": WORDS, "met": st.just("unclear")}, optional={"evidence": WORDS}), max_size=2
        ),
        "deaths": st.lists(
            st.fixed_dictionaries(
                {}, optional={"on": st.sampled_from(["2025", "2025-01", "2025-01-25"]), "age_band": WORDS}
            ),
            max_size=2,
        ),
        "lead": st.just("lead@example.gov.uk"),
        "chair": st.just("chair@example.gov.uk"),
        "recommendations": st.lists(RECOMMENDATION, max_size=3),
    },
)


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """A case with any part of what a file may hold: holds, extensions and corrections among its events."""
    reason, subject = draw(WORDS), draw(WORDS)
    hold = {"reason": "other", "held_by": draw(WORDS), "note": reason}
    events: list[dict[str, Any]] = [
        {"step": "notification_received", "on": "2025-01-31"},
        {"step": "decided_to_review", "on": "2025-02-20", "answers": {"rationale": reason}},
        {"step": "imr_requested", "on": "2025-04-01", "subject": subject},
        {"step": "panel_met", "on": "2025-04-02"},
        {
            "step": "recorded_in_error",
            "on": "2025-04-03",
            "answers": {"replaces": "panel_met", "replaces_on": "2025-04-02", "reason": reason},
        },
        {
            "step": "deadline_extended",
            "on": "2025-04-04",
            "answers": {"deadline": "complete_report", "to": "2025-11-20", "reason": reason, "agreed_by": subject},
        },
        {"step": "hold_started", "on": "2025-05-01", "answers": hold},
        {"step": "hold_ended", "on": "2025-06-01", "answers": {"reason": "other"}},
    ]
    kept = events[: draw(st.integers(1, len(events)))]
    recorded = {"recorded_at": draw(st.sampled_from(["2026-01-05T09:12:00Z", "2026-01-05T09:12:00.000001+01:00"]))}
    more: dict[str, Any] = draw(EVERYTHING)
    return DHR | {"criteria": [], "deaths": []} | more | {"events": [each | recorded for each in kept]}


def test_whatever_a_case_holds_comes_out_and_goes_in_the_same(app: Flask) -> None:
    make_partnership("telford")
    make_user(Role.OFFICER, email="lead@example.gov.uk")
    make_user(Role.CHAIR, email="chair@example.gov.uk")
    numbers = count(1)

    def shown(case: Mapping[str, Any]) -> dict[str, Any]:
        """What comes out of a case that went in."""
        reference = f"DHR-2025-{next(numbers)}"
        store_all([read_case({**case, "reference": reference})])
        found = db.session.scalars(select(Case).where(Case.reference == reference)).one()
        return case_file_of(found).as_json() | {"reference": ""}

    @settings(max_examples=60)
    @given(cases())
    def there_and_back(case: dict[str, Any]) -> None:
        first = shown(case)
        assert shown(first) == first
        for part in ("events", "recommendations", "criteria", "deaths", "themes", "contributing"):
            assert len(first.get(part, ())) == len(case.get(part, ())), part

    there_and_back()


def test_answers_may_be_numbers_and_truths(app: Flask, tmp_path: Path) -> None:
    steps: list[dict[str, Any]] = [
        *ASB["events"],
        {"step": "information_requested", "on": "2025-02-04", "subject": "Council"},
        {"step": "information_received", "on": "2025-02-05", "subject": "Council", "answers": {"nil": True}},
        {"step": "threshold_met", "on": "2025-02-10"},
        {"step": "panel_held", "on": "2025-02-20", "answers": {"independent_chair": False, "victim": "attended"}},
        {"step": "recommendations_made", "on": "2025-02-20", "answers": {"count": 2, "note": 2.5, "more": 1e3}},
    ]
    run(app, "case", "load", case_file(tmp_path / "asb.json", ASB | {"events": steps}))
    events = run(app, "case", "show", "ASB-2025-001").json["events"]
    assert [event["answers"] for event in events if "answers" in event] == [
        {"nil": "yes"},
        {"independent_chair": "no", "victim": "attended"},
        {"count": "2", "note": "2.5", "more": "1000"},
    ]


# -- All or nothing ----------------------------------------------------------------------------------------------------


def test_a_load_is_one_change_with_one_audit_entry(app: Flask, tmp_path: Path) -> None:
    files = case_file(tmp_path / "dhr.json", DHR), case_file(tmp_path / "asb.json", ASB, ASB | {"reference": "ASB-2"})
    assert run(app, "case", "load", *files).json == {"cases": 3, "stored": 3}
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.number, entry.action, entry.actor) == (1, "load_cases", "system")
    assert json.loads(entry.detail)["references"] == ["DHR-2025-001", "ASB-2025-001", "ASB-2"]


def test_one_bad_case_among_many_keeps_all_of_them_out(app: Flask, tmp_path: Path) -> None:
    good = case_file(tmp_path / "good.json", DHR)
    bad = changed(ASB | {"reference": "ASB-2"}, "events.0.on", "2027-01-01")
    many = case_file(tmp_path / "many.json", ASB, bad, ASB | {"reference": "ASB-3"})
    assert f"{many}: case 2: ASB-2, event 1, on: is in the future" in refused(app, good, many).said
    refused(app, good, many, "--dry-run")
    refused(app, many, good)


def test_a_dry_run_says_yes_and_keeps_nothing(app: Flask, tmp_path: Path) -> None:
    before = written()
    dry = run(app, "case", "load", "--dry-run", case_file(tmp_path / "dhr.json", DHR))
    assert (dry.code, dry.json) == (0, {"cases": 1, "stored": 0})
    assert written() == before


def test_a_reference_is_taken_once(app: Flask, tmp_path: Path) -> None:
    first, second = case_file(tmp_path / "first.json", DHR), case_file(tmp_path / "second.json", DHR)
    taken = "DHR-2025-001, case, reference: is taken already"
    assert refused(app, first, second).said == f"{second}: {taken}\n"
    assert refused(app, first, first).said == f"{first}: {taken}\n"
    assert run(app, "case", "load", first).code == 0
    assert refused(app, second).said == f"{second}: {taken}\n"


def test_every_fault_is_named_at_once(app: Flask, tmp_path: Path) -> None:
    wrong = changed(changed(changed(DHR, "events.0.on", "31/01/2025"), "events.2.subject", 5), "nmae", "x")
    assert refused(app, case_file(tmp_path / "wrong.json", wrong)).said.splitlines() == [
        f"{tmp_path}/wrong.json: case, nmae: is not a field of a case file",
        f"{tmp_path}/wrong.json: event 1, on: “31/01/2025” is not a date (YYYY-MM-DD)",
        f"{tmp_path}/wrong.json: event 3, subject: must be text",
        f"{tmp_path}/wrong.json: event 3, subject: say which agency it concerns",
    ]


# -- Wrong files -------------------------------------------------------------------------------------------------------

DEEP = json.loads("[" * 400 + "]" * 400)
WRONG_CASES = [
    ("reference", LEFT_OUT, "case, reference: is missing"),
    ("reference", 5, "case, reference: must be text"),
    ("reference", True, "case, reference: must be text"),
    ("reference", "DHR/2025 <1>", "case, reference: must be letters, digits and hyphens"),
    ("reference", "D" * 41, "case, reference: must be letters, digits and hyphens, 40 at most"),
    ("type", LEFT_OUT, "case, type: must be one of asb, dhr, owhr"),
    ("type", "DHR", "case, type: must be one of"),
    ("type", ["dhr"], "case, type: must be one of"),
    ("edition", "dhr-2015", "case, edition: is not an edition of dhr"),
    ("edition", "asb-2014", "case, edition: is not an edition of dhr"),
    ("edition", {}, "case, edition: is not an edition of dhr"),
    ("partnership", "nowhere", "case, partnership: there is no partnership “nowhere”"),
    ("partnership", LEFT_OUT, "case, partnership: is missing"),
    ("contributing", "telford", "case, contributing: must be a list"),
    ("contributing", ["telford"], "case, contributing: there is no partnership “telford”"),
    ("contributing", ["shropshire"], "case, contributing: names the partnership that leads"),
    ("contributing", [5], "case, contributing: must be text"),
    ("lead", "nobody@example.gov.uk", "case, lead: there is no user “nobody@example.gov.uk”"),
    ("chair", "nobody@example.gov.uk", "case, chair: there is no user “nobody@example.gov.uk”"),
    ("lead", True, "case, lead: must be text"),
    ("themes", "noise", "case, themes: must be a list"),
    ("themes", [""], "case, themes: is empty"),
    ("criteria", {"key": "death"}, "case, criteria: must be a list"),
    ("criteria", [{"key": "death", "met": "perhaps"}], "criterion 1, met: must be met, not_met or unclear"),
    ("criteria", [{"met": "met"}], "criterion 1, key: is missing"),
    ("criteria", [["death"]], "criterion 1: must be a JSON object"),
    ("criteria", [{"key": "death", "met": "met", "why": "x"}], "criterion 1, why: is not a field of criteria"),
    ("deaths", [{"on": "2025-13"}], "death 1, on: “2025-13” is not a day, a month or a year"),
    ("deaths", [{"on": "1850"}], "death 1, on: “1850” is outside the years 1900 to 2200"),
    ("deaths", [{"cause": "x"}], "death 1, cause: is not a field of deaths"),
    ("deaths", [{"on": "January"}], "death 1, on: “January” is not a day, a month or a year"),
    ("complaints", ASB["complaints"], "case, complaints: Domestic homicide review takes no complaints"),
    ("recommendations", [{"number": "R1"}], "recommendation 1, text: is missing"),
    ("recommendations", [{"text": "A", "scope": "x" * 201}], "recommendation 1, scope: is longer than 200 characters"),
    ("recommendations", [{"text": "A", "addressees": [{"name": "  "}]}], "addressee 1, name: is missing"),
    (
        "recommendations",
        [{"text": "A", "actions": [{"text": "B", "target": {"precision": [1]}}]}],
        "target.precision",
    ),
    ("today", "2025-06-01", "case, today: belongs to a what-if only"),
    ("settings", {"imr": {"length": 10, "unit": "days"}}, "case, settings: belongs to a what-if only"),
    ("settings", [1], "case, settings: must be a JSON object"),
    ("nmae", 1, "case, nmae: is not a field of a case file"),
    ("\x1b[2J\ud800", 1, "is not a field of a case file"),
    ("events", [], "case, events: a case begins with its first step"),
    ("events", LEFT_OUT, "case, events: a case begins with its first step"),
    ("events", "none", "case, events: must be a list"),
    ("events.1", None, "event 2: must be a JSON object"),
    ("events.1", [], "event 2: must be a JSON object"),
    ("events.1.happened", "2025-02-20", "event 2, happened: is not a field of events"),
    ("events.1.step", "flown_to_the_moon", "event 2, step: “flown_to_the_moon” is not a step of dhr-2016"),
    ("events.1.step", "threshold_met", "event 2, step: “threshold_met” is not a step of dhr-2016"),
    ("events.1.step", LEFT_OUT, "event 2, step: is missing, or not a step of dhr-2016"),
    ("events.1.step", DEEP, "event 2, step: is missing, or not a step of dhr-2016"),
    ("events.1.step", "x" * 20_001, "event 2, step: “xxxx"),
    ("events.1.on", LEFT_OUT, "event 2, on: is missing"),
    ("events.1.on", None, "event 2, on: is missing"),
    ("events.1.on", "", "event 2, on: “” is not a date"),
    ("events.1.on", "2025-02-30", "event 2, on: “2025-02-30” is not a date (YYYY-MM-DD)"),
    ("events.1.on", "31/01/2025", "event 2, on: “31/01/2025” is not a date"),
    ("events.1.on", "2025-2-20", "event 2, on: “2025-2-20” is not a date"),
    ("events.1.on", "2025-02-20T00:00:00Z", "event 2, on: “2025-02-20T00:00:00Z” is not a date"),
    ("events.1.on", "٢٠٢٥-٠٢-٢٠", "event 2, on: “٢٠٢٥-٠٢-٢٠” is not a date"),
    ("events.1.on", 20250220, "event 2, on: must be text"),
    ("events.1.on", True, "event 2, on: must be text"),
    ("events.1.on", "0001-01-01", "event 2, on: “0001-01-01” is outside the years 1900 to 2200"),
    ("events.1.on", "9999-12-31", "event 2, on: “9999-12-31” is outside the years 1900 to 2200"),
    ("events.1.on", "2026-11-23", "event 2, on: is in the future"),
    ("events.1.on", "2025-01-30", "event 2, on: The date must be 31 January 2025 or later"),
    ("events.1.recorded_at", "2026-11-22T12:00:01Z", "event 2, recorded_at: is in the future"),
    ("events.1.recorded_at", "2025-02-21T09:00:00", "event 2, recorded_at: must say its time zone"),
    ("events.1.recorded_at", "2025-02-21", "event 2, recorded_at: must say its time zone"),
    ("events.1.recorded_at", "yesterday", "event 2, recorded_at: “yesterday” is not a time"),
    ("events.1.recorded_at", 1738573920, "event 2, recorded_at: must be text"),
    (
        "events.1.recorded_at",
        "0001-01-01T00:00:00+14:00",
        "event 2, recorded_at: “0001-01-01T00:00:00+14:00” is outside",
    ),
    ("events.2.subject", LEFT_OUT, "event 3, subject: say which agency it concerns"),
    ("events.2.subject", "  ", "event 3, subject: say which agency it concerns"),
    ("events.2.subject", "x" * 201, "event 3, subject: is longer than 200 characters"),
    ("events.2.subject", True, "event 3, subject: must be text"),
    ("events.2.subject", "a\x00b", "event 3, subject: holds control characters"),
    ("events.2.subject", "\ud800", "event 3, subject: holds control characters"),
    ("events.2.subject", "x" * 20_001, "event 3, subject: is longer than 20,000 characters"),
    ("events.1.answers", "none", "event 2, answers: must be a JSON object"),
    ("events.1.answers", [1], "event 2, answers: must be a JSON object"),
    ("events.1.answers", {"": "x"}, "event 2, answers.: is empty"),
    ("events.1.answers", {"rationale": None}, "event 2, answers.rationale: must be text"),
    ("events.1.answers", {"rationale": {"because": 1}}, "event 2, answers.rationale: must be text"),
    ("events.1.answers", {"rationale": "x" * 20_001}, "event 2, answers.rationale: is longer than 20,000 characters"),
    ("events.1.answers", {"rationale": "a\x1b[1mb"}, "event 2, answers.rationale: holds control characters"),
    ("events.1.answers", {"rationale": "\udfff"}, "event 2, answers.rationale: holds control characters"),
    ("events.1.answers", {"rationale": DEEP}, "event 2, answers.rationale: must be text"),
    ("events.4.answers", LEFT_OUT, "event 5, answers.outcome: is missing"),
    ("events.4.answers", {"outcome": ""}, "event 5, answers.outcome: is empty"),
    ("events.4.answers", {"outcome": "fine"}, "event 5, answers.outcome: must be one of cleared"),
    ("events.4.answers", {"outcome": True}, "event 5, answers.outcome: must be one of cleared"),
    ("events.0.step", "agencies_scoped", "event 1, on: The first step of a case is “Notification received”"),
    ("events.1.step", "chair_appointed", "event 2, on: “Independent chair appointed” cannot be recorded at the stage"),
    ("events.1.step", "notification_received", "event 2, step: “Notification received” is already recorded"),
]


@pytest.mark.parametrize(("path", "value", "says"), WRONG_CASES, ids=lambda part: str(part)[:40] or "empty")
def test_a_wrong_case_is_refused_naming_file_row_and_field(
    app: Flask, tmp_path: Path, path: str, value: object, says: str
) -> None:
    wrong = case_file(tmp_path / "wrong.json", changed(DHR, path, value))
    line = next(line for line in refused(app, wrong).said.splitlines() if says in line)
    assert line.startswith(f"{wrong}: ")
    assert len(line) < 1_000
    assert line.isprintable()


WRONG_TEXTS = [
    (b"", "not a case file in JSON"),
    (b"   \n", "not a case file in JSON"),
    (b"[]", "holds no case"),
    (b"none", "not a case file in JSON"),
    (b"null", "case: must be a JSON object"),
    (b"5", "case: must be a JSON object"),
    (b'"dhr"', "case: must be a JSON object"),
    (b"[5]", "case 1, case: must be a JSON object"),
    (b"{}", "case, type: must be one of"),
    (json.dumps(DHR).encode()[:-40], "not a case file in JSON"),
    (json.dumps(DHR).encode() + b"{}", "not a case file in JSON"),
    (json.dumps(DHR)[:-1].encode() + b', "type": "asb"}', "“type” is given twice"),
    (json.dumps(DHR | {"events": [float("nan")]}).encode(), "NaN is not a number"),
    (json.dumps(DHR | {"events": [float("-inf")]}).encode(), "-Infinity is not a number"),
    (json.dumps(DHR).encode().replace(b'"The criteria are met."', b"1e400"), "answers.rationale: is not a number"),
    (json.dumps(DHR).encode().replace(b'"The criteria are met."', b"9" * 5_000), "not a case file in JSON"),
    (json.dumps(DHR).encode("utf-16"), "is not UTF-8 text"),
    (b'{"reference": "\xff"}', "is not UTF-8 text"),
    (b"[" * 200_000, "not a case file in JSON"),
    (b'{"events":' * 50_000 + b"1" + b"}" * 50_000, "not a case file in JSON"),
]


@pytest.mark.parametrize(("text", "says"), WRONG_TEXTS, ids=[str(text[:30]) for text, _ in WRONG_TEXTS])
def test_what_is_not_a_case_file_is_refused(app: Flask, tmp_path: Path, text: bytes, says: str) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_bytes(text)
    said = refused(app, case_file(tmp_path / "good.json", ASB), wrong).said
    assert said.startswith(f"{wrong}: ")
    assert says in said


def test_a_folder_and_a_missing_file_are_refused(app: Flask, tmp_path: Path) -> None:
    good = case_file(tmp_path / "good.json", ASB)
    assert refused(app, good, tmp_path).said == f"{tmp_path}: cannot be read: Is a directory\n"
    missing = tmp_path / "missing.json"
    assert refused(app, good, missing).said == f"{missing}: cannot be read: No such file or directory\n"
    assert "Missing argument 'FILES...'" in refused(app).said


def test_a_very_large_number_is_an_answer_in_words(app: Flask, tmp_path: Path) -> None:
    """Larger than a float can hold, and yet a number: it is kept as it was written."""
    large = changed(DHR, "events.1.answers", {"rationale": 10**400})
    assert run(app, "case", "load", case_file(tmp_path / "large.json", large)).code == 0
    events = run(app, "case", "show", "DHR-2025-001").json["events"]
    assert events[1]["answers"] == {"rationale": f"1{'0' * 400}"}


def test_a_complaint_is_checked_as_an_event_is(app: Flask, tmp_path: Path) -> None:
    wrong = changed(changed(ASB, "complaints.0.behaviour_on", "2025-02-30"), "complaints.0.hate", "perhaps")
    said = refused(app, case_file(tmp_path / "wrong.json", changed(wrong, "complaints.0.street", "x"))).said
    assert [line.partition("wrong.json: ")[2] for line in said.splitlines()] == [
        "complaint 1, street: is not a field of complaints",
        "complaint 1, behaviour_on: “2025-02-30” is not a date (YYYY-MM-DD)",
        "complaint 1, hate: must be true or false",
    ]


def test_a_case_that_is_not_there_cannot_be_shown(app: Flask) -> None:
    answer = run(app, "case", "show", "DHR-1999-999")
    assert (answer.code, answer.out, answer.said) == (2, "", "There is no case DHR-1999-999\n")


def test_a_case_comes_in_on_standard_input(app: Flask) -> None:
    assert run(app, "case", "load", "-", given=json.dumps(DHR)).json == {"cases": 1, "stored": 1}
    assert db.session.scalar(select(Partnership.key).join(Case)) == "shropshire"


@pytest.mark.parametrize("typed", ["dhr-x-1", " dhr-x-1 "])
def test_a_reference_in_small_letters_is_found_too(app: Flask, tmp_path: Path, typed: str) -> None:
    viewer = make_user(Role.OFFICER)
    for reference in ("dhr-x-1", "DHR-X-1", "DHR-X-2"):
        run(app, "case", "load", case_file(tmp_path / "small.json", DHR | {"reference": reference}))
    viewer = db.session.merge(viewer)
    assert [find_case(viewer, text).reference for text in (typed, typed.upper(), "dhr-x-2")] == [
        "dhr-x-1",
        "DHR-X-1",
        "DHR-X-2",
    ]
    found = cases_page(viewer, CaseFilter(reference="r-x"), TODAY)
    assert {case.reference for case in found.cases} == {"dhr-x-1", "DHR-X-1", "DHR-X-2"}


def test_the_partnership_says_which_edition_is_in_force(app: Flask, tmp_path: Path) -> None:
    """`edition` may be left out (the one in force on the referral date)."""
    shropshire = db.session.scalars(select(Partnership)).one()
    begins = date(2025, 6, 1)
    key = "dhr.dardr-2024.in_force_from"
    db.session.add(LocalSetting(partnership_id=shropshire.id, key=key, value="true", takes_effect_on=begins))
    db.session.commit()
    scoping = {"step": "scoping_review_completed", "on": "2025-06-10"}

    def referred(name: str, on: str, *later: object) -> dict[str, Any]:
        events = [{"step": "notification_received", "on": on}, *later]
        return {"reference": name, "type": "dhr", "partnership": "shropshire", "events": events}

    cases = [referred("the-eve", "2025-05-31"), referred("the-day", "2025-06-01", scoping)]
    loaded = run(app, "case", "load", case_file(tmp_path / "two.json", *cases))
    assert loaded.code == 0, loaded.said
    editions = [run(app, "case", "show", case["reference"]).json["edition"] for case in cases]
    assert editions == ["dhr-2016", "dardr-2024"]
