"""The case file: every field, and every way to get one wrong, named by row and field."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.unit.reckoned import day, event, latest, reckoned
from tracker.procedures.case_file import CaseFile, WrongFile, read_json
from tracker.procedures.facts import NotAllowed
from tracker.procedures.threshold import assess

EXAMPLE = """
{"reference": "DHR-2025-001", "type": "dhr", "edition": "dhr-2016", "partnership": "shropshire",
 "themes": [], "complaints": [],
 "events": [
   {"step": "notification_received", "on": "2025-01-31", "recorded_at": "2025-02-03T09:12:00Z"},
   {"step": "decided_to_review", "on": "2025-02-20", "answers": {"rationale": "..."}},
   {"step": "imr_requested", "on": "2025-04-01", "subject": "West Mercia Police"},
   {"step": "deadline_extended", "on": "2025-06-30",
    "answers": {"deadline": "complete_report", "to": "2025-11-20", "reason": "trial listed", "agreed_by": "panel"}}]}
"""
RECEIVED = event("notification_received", "2025-01-31")
APPLIED = event("application_received", "2025-03-03")


def read(case: object) -> CaseFile:
    (read_case,) = read_json(json.dumps(case))
    return read_case


def dhr(*events: object, **fields: object) -> dict[str, Any]:
    return {"type": "dhr", "events": list(events), **fields}


def faults(case: object) -> list[tuple[str, str]]:
    """The row and field of each fault."""
    with pytest.raises(WrongFile) as refused:
        read_json(case if isinstance(case, str) else json.dumps(case))
    return [(fault.row, fault.field) for fault in refused.value.faults]


# -- Every field ------------------------------------------------------------------------------------------------------


def test_the_example_of_the_domain_reference() -> None:
    (case,) = read_json(EXAMPLE)
    assert (case.reference, case.procedure.edition, case.partnership) == ("DHR-2025-001", "dhr-2016", "shropshire")
    assert [(e.number, e.step, e.on) for e in case.events] == [
        (1, "notification_received", day("2025-01-31")),
        (2, "decided_to_review", day("2025-02-20")),
        (3, "imr_requested", day("2025-04-01")),
        (4, "deadline_extended", day("2025-06-30")),
    ]
    assert case.events[0].recorded_at == datetime(2025, 2, 3, 9, 12, tzinfo=UTC)
    assert case.events[1].answers == {"rationale": "..."}
    assert case.events[2].subject == "West Mercia Police"
    assert case.as_json() == json.loads(EXAMPLE)


def test_every_other_field() -> None:
    """Also: `"contributing"` ..., `"criteria"` ..., `"deaths"` (day, month or year)"""
    case = {
        "reference": "ASB-2025-001",
        "type": "asb",
        "edition": "asb-2014",
        "partnership": "shropshire",
        "contributing": ["telford"],
        "themes": ["neighbours", "noise"],
        "complaints": [
            {
                "behaviour_on": "2025-01-10",
                "reported_on": "2025-01-12",
                "body": "Police",
                "incident": "A",
                "by": "B",
                "hate": True,
            },
            {"reported_on": "2025-01-12", "hate": False},
        ],
        "criteria": [
            {"key": "death", "met": "unclear", "evidence": "..."},
            {"key": "aged_16_or_over", "met": "not_met"},
        ],
        "deaths": [{"on": "2025-01-25"}, {"on": "2025-01", "age_band": "35-44"}, {"on": "2025"}],
        "lead": "officer@example.org",
        "chair": "chair@example.org",
        "events": [event("application_received", "2025-03-03")],
    }
    found = read(case)
    assert found.as_json() == case
    assert found.contributing == ("telford",)
    assert found.complaints[0].hate
    assert found.complaints[1].behaviour_on is None


def test_loading_what_was_shown_changes_nothing() -> None:
    """the same shape comes out of the application and goes in"""
    (case,) = read_json(EXAMPLE)
    assert read(case.as_json()) == case


def test_the_edition_may_be_left_out() -> None:
    """`edition` may be left out (the one in force on the referral date)."""
    assert read(dhr(RECEIVED)).procedure.edition == "dhr-2016"
    assert read({"type": "dhr"}).procedure.edition == "dhr-2016"
    assert read({"type": "asb", "events": [APPLIED]}).procedure.edition == "asb-2014"
    assert read({"type": "owhr", "events": [event("death_logged", "2026-09-04")]}).procedure.edition == "owhr-2022"


def test_an_edition_that_is_not_in_force_may_be_asked_for() -> None:
    assert read(dhr(RECEIVED, edition="dardr-2024")).procedure.edition == "dardr-2024"


def test_one_object_or_a_list() -> None:
    assert [
        case.reference for case in read_json('[{"type": "dhr", "reference": "A"}, {"type": "asb", "reference": "B"}]')
    ] == ["A", "B"]
    assert read_json("[]") == []


def test_references_need_not_be_unique_in_a_what_if() -> None:
    """`references` need not be unique in a what-if."""
    assert len(read_json('[{"type": "dhr", "reference": "A"}, {"type": "dhr", "reference": "A"}]')) == 2


@pytest.mark.parametrize(
    ("given", "answer"),
    [("2", "2"), (2, "2"), (2.0, "2"), (2.5, "2.5"), (True, "yes"), (False, "no"), (" two ", "two")],
)
def test_answers_are_text_and_true_false_and_numbers_are_accepted(given: object, answer: str) -> None:
    """Answers are text (`"2"`, `"yes"`/`"no"`); true/false and numbers are accepted."""
    assert read(dhr(event("notification_received", "2025-01-31", note=given))).events[0].answers == {"note": answer}


@pytest.mark.parametrize(
    ("given", "answer"), [(True, "yes"), ("yes", "yes"), ("No", "no"), ("true", "yes"), (False, "no")]
)
def test_a_question_of_yes_or_no(given: object, answer: str) -> None:
    asked = {"type": "asb", "events": [event("information_received", "2025-03-04", "Police", nil=given)]}
    asked["events"][0]["answers"] = {"nil": given}
    assert read(asked).events[0].answers["nil"] == answer


@pytest.mark.parametrize("which", [6, "6", 12.0])
def test_a_choice_may_be_given_as_a_number(which: object) -> None:
    assert read(dhr(event("stocktake_recorded", "2026-01-02", which=which))).events[0].answers["which"] in ("6", "12")


def test_recorded_at_is_optional_and_kept_in_utc() -> None:
    """`recorded_at` is optional (now, if left out); timestamps are stored in UTC"""
    summer = event("notification_received", "2025-06-30", recorded_at="2025-07-01T10:00:00+01:00")
    assert read(dhr(summer)).events[0].recorded_at == datetime(2025, 7, 1, 9, tzinfo=UTC)
    assert read(dhr(RECEIVED)).events[0].recorded_at is None


def test_answers_beyond_those_named_are_free_text_and_optional() -> None:
    """Answers beyond those named in section 6 are free text and optional in a file"""
    assert read(dhr(RECEIVED, event("decided_to_review", "2025-02-20"))).events[1].answers == {}
    held = event("hold_started", "2025-02-20", reason="waiting for the coroner’s list")
    assert read(dhr(RECEIVED, held)).events[1].answers["reason"] == "waiting for the coroner’s list"
    assert read(dhr(event("notification_received", "2025-01-31", anything="goes"))).events[0].answers == {
        "anything": "goes"
    }


def test_today_and_settings_may_be_added_for_a_what_if() -> None:
    """`today`/settings may be added for a what-if."""
    settings = {"threshold": {"length": 10, "unit": "working_days", "from": "acknowledged"}}
    case = read({"type": "asb", "events": [APPLIED], "today": "2025-03-31", "settings": settings})
    assert case.today == date(2025, 3, 31)
    assert len(case.settings.rules) == 1
    assert "today" not in case.as_json()


def test_a_what_if_may_bring_an_edition_into_force() -> None:
    """`edition` may be left out (the one in force on the referral date)"""
    begins = {"dardr-2024": {"in_force_from": "2025-02-01"}}
    scoping = event("scoping_review_completed", "2025-02-10")
    assert read(dhr(RECEIVED, settings=begins)).procedure.edition == "dhr-2016"
    assert read(dhr(event("notification_received", "2025-02-01"), scoping, settings=begins)).procedure.edition == (
        "dardr-2024"
    )
    named = {**dhr(event("notification_received", "2025-02-01"), settings=begins), "edition": "dhr-2016"}
    assert read(named).procedure.edition == "dhr-2016", "the case names its edition"
    assert read(named).supposed == ("dardr-2024",)


def test_a_what_if_may_suppose_another_threshold() -> None:
    complaints = [{"behaviour_on": f"2025-02-{on}", "reported_on": f"2025-02-{on}"} for on in (10, 11)]
    case = {"type": "asb", "events": [APPLIED], "complaints": complaints}
    limbs = [{"count": 2, "months": 6}]

    def threshold(**settings: object) -> tuple[bool, bool]:
        found = read({**case, "settings": settings})
        answer = assess(found.complaints, day("2025-03-03"), found.settings.threshold_on(day("2025-03-03"), None))
        return answer.statutory.met, answer.local.met

    assert threshold() == (False, False)
    assert threshold(complaints_needed=2) == (True, False)
    assert threshold(limbs=limbs) == (False, True)


def test_what_lies_ahead() -> None:
    """a panel's date and an extension's `to` may lie ahead"""
    arranged = event("panel_arranged", "2025-03-10", panel_on="2025-05-30")
    assert latest(reckoned("asb", APPLIED, arranged), "papers").due == day("2025-05-22")


def test_events_dated_after_today_do_not_exist() -> None:
    """Events dated after `today` ... do not exist for a reckoning"""
    forbidden_ahead = [RECEIVED, event("published", "2025-06-01", form="full")]
    assert reckoned("dhr", *forbidden_ahead, today="2025-05-31").stage == "referral"
    with pytest.raises(NotAllowed):
        reckoned("dhr", *forbidden_ahead, today="2025-06-01")


def test_history_before_the_guidance_can_be_brought_in() -> None:
    """so that history can be brought in"""
    old = reckoned("dhr", event("notification_received", "2012-01-09"), event("decided_to_review", "2012-05-31"))
    # Spring bank holiday moved to 4 June, Diamond Jubilee 5 June.
    assert latest(old, "tell_family").due == day("2012-06-11")


# -- What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[1, 2",
        "{'type': 'dhr'}",
        '{"type": "dhr", "type": "asb"}',
        '{"n": NaN}',
        '{"n": Infinity}',
        "[" * 100_000,
    ],
)
def test_what_is_not_json_is_refused(text: str) -> None:
    assert faults(text) == [("file", "")]


@pytest.mark.parametrize("case", [1, "dhr", None, True, [[]]])
def test_what_is_not_an_object_is_refused(case: object) -> None:
    assert [field for _, field in faults(case)] == [""]


@pytest.mark.parametrize(
    ("fields", "row", "field"),
    [
        ({"type": "letter"}, "case", "type"),
        ({"type": None}, "case", "type"),
        ({"type": ["dhr"]}, "case", "type"),
        ({"edition": "asb-2014"}, "case", "edition"),
        ({"edition": "dhr-1066"}, "case", "edition"),
        ({"edition": ["dhr-2016"]}, "case", "edition"),
        ({"name": "A person"}, "case", "name"),
        ({"reference": "DHR 1/2"}, "case", "reference"),
        ({"reference": 5}, "case", "reference"),
        ({"reference": "A" * 41}, "case", "reference"),
        ({"partnership": "shrop shire"}, "case", "partnership"),
        ({"contributing": "telford"}, "case", "contributing"),
        ({"contributing": [""]}, "case", "contributing"),
        ({"contributing": [1]}, "case", "contributing"),
        ({"themes": {"a": 1}}, "case", "themes"),
        ({"complaints": [{"reported_on": "2025-01-01"}]}, "case", "complaints"),
        ({"recommendations": [{"number": "1"}]}, "recommendation 1", "text"),
        ({"today": "2025-02-30"}, "case", "today"),
        ({"today": 20250131}, "case", "today"),
        ({"settings": []}, "case", "settings"),
        ({"settings": ["a"]}, "case", "settings"),
        ({"settings": {"lunch": {"length": 1, "unit": "days"}}}, "case", "settings.lunch"),
        ({"settings": {"publish": 3}}, "case", "settings.publish"),
        ({"settings": {"publish": {"length": 0, "unit": "days"}}}, "case", "settings.publish"),
        ({"settings": {"publish": {"length": "3", "unit": "days"}}}, "case", "settings.publish"),
        ({"settings": {"publish": {"length": True, "unit": "days"}}}, "case", "settings.publish"),
        ({"settings": {"publish": {"length": 3, "unit": "weeks"}}}, "case", "settings.publish"),
        ({"settings": {"publish": {"length": 3}}}, "case", "settings.publish"),
        ({"settings": {"publish": {"from": "lunch"}}}, "case", "settings.publish.from"),
        ({"settings": {"publish": {"until": "lunch"}}}, "case", "settings.publish"),
        ({"settings": {"publish": {"met_by": "published"}}}, "case", "settings.publish.met_by"),
        ({"settings": {"copy_commissioner": {"length": 3, "unit": "days"}}}, "case", "settings.copy_commissioner"),
        ({"settings": {"dardr-2024": "2025-01-31"}}, "case", "settings.dardr-2024"),
        ({"settings": {"dardr-2024": {"in_force_from": "soon"}}}, "case", "settings.dardr-2024"),
        ({"settings": {"dardr-2024": {"from": "2025-01-31"}}}, "case", "settings.dardr-2024"),
        ({"settings": {"asb-2014": {"in_force_from": "2025-01-31"}}}, "case", "settings.asb-2014"),
        ({"settings": {"complaints_needed": 2}}, "case", "settings.complaints_needed"),
        ({"criteria": [{"key": "death", "met": "yes"}]}, "criterion 1", "met"),
        ({"criteria": [{"met": "met"}]}, "criterion 1", "key"),
        ({"criteria": [{"key": "death", "met": "met", "why": "x"}]}, "criterion 1", "why"),
        ({"criteria": ["death"]}, "criterion 1", ""),
        ({"deaths": [{"on": "2025-13"}]}, "death 1", "on"),
        ({"deaths": [{"on": "January"}]}, "death 1", "on"),
        ({"deaths": [{"on": "2025-02-30"}]}, "death 1", "on"),
        ({"deaths": {"on": "2025"}}, "case", "deaths"),
        ({"events": {"step": "x"}}, "case", "events"),
        ({"events": "none"}, "case", "events"),
    ],
)
def test_a_wrong_field_is_named(fields: dict[str, object], row: str, field: str) -> None:
    assert faults(dhr(RECEIVED) | fields) == [(row, field)]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"step": "decided", "on": "2025-02-20"}, "step"),
        ({"step": "acknowledged", "on": "2025-02-20"}, "step"),
        ({"step": None, "on": "2025-02-20"}, "step"),
        ({"on": "2025-02-20"}, "step"),
        ({"step": ["panel_met"], "on": "2025-02-20"}, "step"),
        ({"step": "panel_met"}, "on"),
        ({"step": "panel_met", "on": None}, "on"),
        ({"step": "panel_met", "on": ""}, "on"),
        ({"step": "panel_met", "on": "31/01/2025"}, "on"),
        ({"step": "panel_met", "on": "2025-02-30"}, "on"),
        ({"step": "panel_met", "on": "2025-1-1"}, "on"),
        ({"step": "panel_met", "on": "20250101"}, "on"),
        ({"step": "panel_met", "on": "2025-W01-1"}, "on"),
        ({"step": "panel_met", "on": "2025-02-20T00:00:00"}, "on"),
        ({"step": "panel_met", "on": "1025-02-20"}, "on"),
        ({"step": "panel_met", "on": "٢٠٢٥-٠١-٠١"}, "on"),
        ({"step": "panel_met", "on": 20250220}, "on"),
        ({"step": "panel_met", "on": "2025-02-20", "recorded_at": "2025-02-20"}, "recorded_at"),
        ({"step": "panel_met", "on": "2025-02-20", "recorded_at": "2025-02-20T09:00:00"}, "recorded_at"),
        ({"step": "panel_met", "on": "2025-02-20", "recorded_at": "yesterday"}, "recorded_at"),
        ({"step": "panel_met", "on": "2025-02-20", "recorded_at": "0001-01-01T00:00:00+14:00"}, "recorded_at"),
        ({"step": "panel_met", "on": "2025-02-20", "by": "somebody"}, "by"),
        ({"step": "panel_met", "on": "2025-02-20", "answers": []}, "answers"),
        ({"step": "panel_met", "on": "2025-02-20", "answers": ["x"]}, "answers"),
        ({"step": "panel_met", "on": "2025-02-20", "answers": {"note": ["x"]}}, "answers.note"),
        ({"step": "panel_met", "on": "2025-02-20", "answers": {"note": None}}, "answers.note"),
        ({"step": "panel_met", "on": "2025-02-20", "answers": {"note": "a\u0000b"}}, "answers.note"),
        ({"step": "panel_met", "on": "2025-02-20", "answers": {"note": "x" * 20_001}}, "answers.note"),
        ({"step": "panel_met", "on": "2025-02-20", "answers": {"": "x"}}, "answers."),
        ({"step": "panel_met", "on": "2025-02-20", "subject": 7}, "subject"),
        ({"step": "imr_requested", "on": "2025-02-20"}, "subject"),
        ({"step": "imr_requested", "on": "2025-02-20", "subject": "  "}, "subject"),
        ({"step": "imr_received", "on": "2025-02-20", "subject": "P", "answers": {"nil": "perhaps"}}, "answers.nil"),
        ({"step": "home_office_told", "on": "2025-02-20", "answers": {"about": "lunch"}}, "answers.about"),
        ({"step": "qa_feedback_received", "on": "2025-02-20"}, "answers.outcome"),
        ({"step": "qa_feedback_received", "on": "2025-02-20", "answers": {"outcome": ""}}, "answers.outcome"),
        ({"step": "qa_feedback_received", "on": "2025-02-20", "answers": {"outcome": "fine"}}, "answers.outcome"),
        ({"step": "published", "on": "2025-02-20", "answers": {"form": "half"}}, "answers.form"),
        ({"step": "stocktake_recorded", "on": "2025-02-20", "answers": {"which": 9}}, "answers.which"),
        ({"step": "publication_withheld", "on": "2025-02-20", "answers": {"review_on": "soon"}}, "answers.review_on"),
        ({"step": "deadline_extended", "on": "2025-02-20", "answers": {"to": "2025-03-01"}}, "answers.deadline"),
        ({"step": "deadline_extended", "on": "2025-02-20", "answers": {"deadline": "imr"}}, "answers.to"),
        ({"step": "recorded_in_error", "on": "2025-02-20"}, "answers.replaces"),
    ],
)
def test_a_wrong_event_is_named_by_row_and_field(wrong: dict[str, object], field: str) -> None:
    """named file, row, field"""
    assert faults(dhr(RECEIVED, wrong)) == [("event 2", field)]


@pytest.mark.parametrize(
    "key", ["edition", "themes", "complaints", "contributing", "criteria", "deaths", "today", "settings"]
)
def test_null_is_the_same_as_left_out(key: str) -> None:
    assert read(dhr(RECEIVED, **{key: None})) == read(dhr(RECEIVED))


def test_a_number_too_large_to_keep_is_refused() -> None:
    text = '{"type": "dhr", "events": [{"step": "notification_received", "on": "2025-01-31", "answers": {"n": 1e400}}]}'
    assert faults(text) == [("event 1", "answers.n")]


@pytest.mark.parametrize(
    ("complaint", "field"),
    [
        ({"behaviour_on": "10 January"}, "behaviour_on"),
        ({"reported_on": "2025-02-30"}, "reported_on"),
        ({"hate": "maybe"}, "hate"),
        ({"hate": 2}, "hate"),
        ({"reference": "7"}, "reference"),
        ({"body": 3}, "body"),
        ("a complaint", ""),
    ],
)
def test_a_wrong_complaint_is_named(complaint: object, field: str) -> None:
    good = {"behaviour_on": "2025-01-10", "reported_on": "2025-01-10"}
    assert faults({"type": "asb", "events": [APPLIED], "complaints": [good, complaint]}) == [("complaint 2", field)]


@pytest.mark.parametrize("count", [-1, "two", 1.5, 100_000])
def test_a_count_is_a_whole_number(count: object) -> None:
    made = event("recommendations_made", "2025-04-14", count=count)
    assert faults({"type": "asb", "events": [APPLIED, made]}) == [("event 2", "answers.count")]


def test_every_fault_of_every_case_is_named() -> None:
    cases = [dhr(RECEIVED, {"step": "panel_met"}, {"step": "x", "on": "2025-01-01"}), {"type": "asb", "today": "soon"}]
    assert faults(cases) == [("case 1, event 2", "on"), ("case 1, event 3", "step"), ("case 2, case", "today")]


def test_what_the_procedure_forbids_names_the_event() -> None:
    with pytest.raises(NotAllowed) as refused:
        reckoned("dhr", RECEIVED, event("panel_met", "2025-02-20"))
    assert (refused.value.number, refused.value.field) == (2, "on")
