"""Local settings: what each moves, that its preview says so, and that nothing met before it changes."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.bad_values import NOT_OFFERED, REFUSED_TEXTS
from tests.builders import make_case, make_partnership, make_user, sign_in_as
from tests.pages import page
from tracker.errors import NotPermitted, Refused
from tracker.extensions import db
from tracker.models import Case, Complaint, Deadline, LocalSetting, Reminder, Role, User
from tracker.models.editions import editions_offered
from tracker.models.facts import reckoned
from tracker.queries.partnerships import duty_in_force, settings_on
from tracker.queries.projections import wrong_projections
from tracker.queries.settings import settings_preview
from tracker.services.cases import record_step
from tracker.services.reminders import queue_reminders
from tracker.services.settings import change_setting, withdraw_setting

TODAY = date(2026, 3, 2)
Days = Callable[[date], None]


@pytest.fixture
def officer(session: Session, today_is: Days) -> User:
    today_is(TODAY)
    return make_user(Role.OFFICER)


@pytest.fixture
def administrator(session: Session) -> User:
    return make_user(Role.ADMINISTRATOR)


def settle(key: str, value: object, on: date = TODAY) -> LocalSetting:
    return change_setting(make_partnership(), by=None, key=key, value=value, takes_effect_on=on)


def days(length: int, unit: str = "working_days", **more: str) -> dict[str, object]:
    return {"length": length, "unit": unit, **more}


def due_dates() -> dict[tuple[str, str, str, int], date | None]:
    rows = select(Case.reference, Deadline.key, Deadline.subject, Deadline.occurrence, Deadline.due_on)
    return {(row[0], row[1], row[2], row[3]): row[4] for row in db.session.execute(rows.join(Deadline.case))}


def some_cases(officer: User) -> list[Case]:
    """Applications whose acknowledgement is open, met, extended and late, one of them restricted."""
    cases = [make_case(officer, "asb", date(2026, 2, day)) for day in (2, 9, 16, 23, 26)]
    record_step(cases[1], by=officer, step="acknowledged", on=date(2026, 2, 10), answers={})
    extension = {"deadline": "threshold", "to": "2026-04-01", "reason": "Trial.", "agreed_by": "Panel"}
    record_step(cases[2], by=officer, step="deadline_extended", on=date(2026, 2, 20), answers=extension)
    record_step(cases[3], by=officer, step="information_requested", on=date(2026, 2, 24), answers={}, subject="Police")
    cases[3].restricted, cases[3].lead = True, None
    return cases


@pytest.mark.parametrize(
    ("key", "value", "on", "moved"),
    [
        ("asb.acknowledge", days(20), date(2026, 1, 1), 4),
        ("asb.acknowledge", days(1, "months"), date(2026, 2, 20), 2),
        ("asb.threshold", days(40), date(2026, 1, 1), 4),
        ("asb.information", days(3, "days"), TODAY, 0),
        ("asb.information", days(3, "days"), date(2026, 2, 1), 1),
        ("asb.acknowledge", days(20), date(2026, 6, 1), 0),
        ("asb.threshold", days(15, **{"from": "acknowledged"}), date(2026, 1, 1), 0),
        ("dhr.imr", days(1), date(2026, 1, 1), 0),
    ],
)
def test_what_happens_is_what_was_previewed(
    officer: User,
    administrator: User,
    session: Session,
    today_is: Days,
    key: str,
    value: object,
    on: date,
    moved: int,
) -> None:
    some_cases(officer)
    session.commit()
    today_is(date(2026, 3, 3))
    before = due_dates()
    preview = settings_preview(administrator, make_partnership(), key, value, on)
    assert due_dates() == before
    settle(key, value, on)
    after = due_dates()
    happened = {
        identity: (before[identity], after[identity]) for identity in before if before[identity] != after[identity]
    }
    assert before.keys() == after.keys()
    assert len(happened) == moved
    restricted = set(session.scalars(select(Case.reference).where(Case.restricted)))
    seen = {identity: dates for identity, dates in happened.items() if identity[0] not in restricted}
    assert {(each.reference, each.old, each.new) for each in preview.moved} == {(i[0], *d) for i, d in seen.items()}
    assert preview.unseen == len({identity[0] for identity in happened.keys() - seen.keys()})
    assert wrong_projections() == (5, [])


def test_the_deadlines_of_all_cases_are_read_at_once(
    officer: User, session: Session, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    some_cases(officer)
    session.commit()
    session.expunge_all()
    with statements() as made:
        settle("asb.acknowledge", days(20), date(2026, 1, 1))
    assert len([statement for statement in made if "ORDER BY deadline.position" in statement]) == 1


def test_what_was_met_before_keeps_its_date_and_what_is_recorded_later_does_not(
    officer: User, session: Session, today_is: Days
) -> None:
    early, late = make_case(officer, "asb", date(2026, 2, 2)), make_case(officer, "asb", date(2026, 2, 2))
    record_step(early, by=officer, step="acknowledged", on=date(2026, 2, 10), answers={})
    today_is(date(2026, 3, 3))
    settle("asb.acknowledge", days(2), date(2026, 1, 1))
    today_is(date(2026, 3, 4))
    record_step(late, by=officer, step="acknowledged", on=date(2026, 2, 10), answers={})
    state = {case: next(row for row in case.deadlines if row.key == "acknowledge") for case in (early, late)}
    assert (state[early].due_on, state[late].due_on) == (date(2026, 2, 9), date(2026, 2, 4))
    assert wrong_projections() == (2, [])


def test_an_extension_made_before_a_longer_length_still_stands(officer: User, session: Session, today_is: Days) -> None:
    case = make_case(officer, "asb", date(2026, 2, 2))
    answers = {"deadline": "acknowledge", "to": "2026-02-12", "reason": "Illness.", "agreed_by": "Panel"}
    record_step(case, by=officer, step="deadline_extended", on=date(2026, 2, 5), answers=answers)
    today_is(date(2026, 3, 3))
    settle("asb.acknowledge", days(30), date(2026, 1, 1))
    assert next(row for row in case.deadlines if row.key == "acknowledge").due_on == date(2026, 2, 12)
    assert wrong_projections() == (1, [])


def test_a_window_that_ran_out_stays_closed(officer: User, session: Session, today_is: Days) -> None:
    case = make_case(officer, "asb", date(2026, 1, 5))
    record_step(case, by=officer, step="threshold_not_met", on=date(2026, 1, 12), answers={"reasons": "None."})
    window = next(row for row in case.deadlines if row.key == "appeal_window")
    ran_out = window.due_on
    today_is(date(2026, 3, 3))
    settle("asb.appeal_window", days(200), date(2026, 1, 1))
    assert ran_out is not None
    assert (window.due_on, ran_out < TODAY) == (ran_out, True)


# -- The threshold -----------------------------------------------------------------------------------------------------


def test_the_threshold_settings_of_the_day_are_kept_with_the_case(
    officer: User, session: Session, today_is: Days
) -> None:
    def with_one_complaint(on: date) -> Case:
        case = make_case(officer, "asb", on)
        case.complaints = [Complaint(position=1, behaviour_on=on, reported_on=on)]
        session.commit()
        return case

    before = with_one_complaint(date(2026, 3, 1))
    today_is(date(2026, 3, 3))
    settle("asb.complaints_needed", 1, date(2026, 2, 1))
    settle("asb.limbs", [{"count": 1, "months": 1}], date(2026, 3, 3))
    today_is(date(2026, 3, 5))
    after = with_one_complaint(date(2026, 3, 4))
    between = with_one_complaint(date(2026, 3, 2))
    tests = [reckoned(case, date(2026, 3, 5)).threshold for case in (before, between, after)]
    assert [(test.statutory.met, test.local.limb) for test in tests if test] == [
        (False, None),
        (True, None),
        (True, "1 incident reported by the same person in 1 month"),
    ]


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("asb.limbs", [], "1 to 6 limbs"),
        ("asb.limbs", [{"count": 0, "months": 6}], "whole number from 1 to 20"),
        ("asb.limbs", [{"count": 3, "months": 6, "hate": "yes"}], "yes or no"),
        ("asb.limbs", [{"count": 3, "months": 6, "colour": "red"}], "what else"),
        ("asb.complaints_needed", True, "whole number"),
        ("asb.complaints_needed", "3", "whole number"),
        ("asb.acknowledge", {"length": 601, "unit": "days"}, "1 to 600"),
        ("asb.acknowledge", {"length": 5, "unit": "weeks"}, "unit must be"),
        ("asb.acknowledge", {"from": "nothing"}, "no step"),
        ("asb.acknowledge", 5, "length, a unit"),
        ("owhr.notify", days(30), "set by statute"),
        ("dhr.complete_report", {"met_by": "published"}, "may be met by"),
        ("dhr.dhr-2016.in_force_from", True, "no setting"),
        ("dhr.dardr-2024.in_force_from", "yes", "comes into force"),
        ("owhr.in_force_from", False, "comes into force"),
        ("asb.in_force_from", True, "no setting"),
        ("reminders.ladder", {"before": [0], "after_first": 1, "after_every": 7, "escalate": [7]}, "1 to 60"),
        ("nothing", 1, "no setting"),
    ],
)
def test_what_may_not_be_chosen_is_refused(session: Session, key: str, value: object, says: str) -> None:
    with pytest.raises(Refused, match=says):
        settle(key, value)
    assert session.scalars(select(LocalSetting)).all() == []


def test_only_who_manages_the_partnership_settles_anything(officer: User) -> None:
    for who in (officer, make_user(Role.ADMINISTRATOR, partnership=make_partnership("telford"))):
        with pytest.raises(NotPermitted):
            change_setting(make_partnership(), by=who, key="care.warn", value=True, takes_effect_on=TODAY)


# -- From a day on -----------------------------------------------------------------------------------------------------


def test_what_was_chosen_for_later_is_withdrawn_by_another_row(session: Session, today_is: Days) -> None:
    today_is(TODAY)
    shropshire, later = make_partnership(), date(2026, 4, 1)
    settle("owhr.in_force_from", True, later)
    settle("asb.acknowledge", days(5))
    settle("asb.acknowledge", days(8), later)
    with pytest.raises(Refused, match="Exactly that"):
        settle("asb.acknowledge", days(8), later)
    for key in ("owhr.in_force_from", "asb.acknowledge"):
        withdraw_setting(shropshire, by=None, key=key, takes_effect_on=later)
        with pytest.raises(Refused, match="any more"):
            withdraw_setting(shropshire, by=None, key=key, takes_effect_on=later)
    with pytest.raises(Refused, match="holds already"):
        withdraw_setting(shropshire, by=None, key="asb.acknowledge", takes_effect_on=TODAY)
    assert settings_on(shropshire.id, later) == {"asb.acknowledge": days(5)}
    assert not duty_in_force(shropshire.id, "owhr", later)
    assert len(session.scalars(select(LocalSetting)).all()) == 5
    settle("owhr.in_force_from", True, later)
    assert [duty_in_force(shropshire.id, "owhr", on) for on in (TODAY, later)] == [False, True]


def test_an_edition_that_is_withdrawn_before_it_begins_is_not_offered(session: Session, today_is: Days) -> None:
    today_is(TODAY)
    shropshire, begins = make_partnership(), date(2026, 9, 1)
    settle("dhr.dardr-2024.in_force_from", True, begins)
    offered = editions_offered("dhr", begins, shropshire.id)
    assert [edition.edition for edition in offered] == ["dhr-2016", "dardr-2024"]
    withdraw_setting(shropshire, by=None, key="dhr.dardr-2024.in_force_from", takes_effect_on=begins)
    assert [edition.edition for edition in editions_offered("dhr", begins, shropshire.id)] == ["dhr-2016"]


# -- Pages -------------------------------------------------------------------------------------------------------------


def test_an_administrator_sees_what_moves_before_it_applies(
    client: FlaskClient, officer: User, administrator: User, session: Session, today_is: Days
) -> None:
    case = make_case(officer, "asb", date(2026, 2, 26))
    session.commit()
    today_is(date(2026, 3, 3))
    sign_in_as(client, administrator)
    sent = {"length": "20", "unit": "working_days", "on": ["1", "2", "2026"]}
    shown = client.post("/admin/settings/asb.acknowledge", data=sent).text
    assert "It moves dates of 1 case" in shown
    assert case.reference in shown
    assert "5 March 2026" in shown
    assert "26 March 2026" in shown
    assert session.scalars(select(LocalSetting)).all() == []
    assert client.post("/admin/settings/asb.acknowledge", data=sent | {"apply": "yes"}).status_code == 302
    assert "20 working days, from 1 February 2026" in client.get("/admin/settings").text
    assert "1 February 2026" in client.get("/admin/settings/history").text
    assert next(row for row in case.deadlines if row.key == "acknowledge").due_on == date(2026, 3, 26)
    later = sent | {"on": ["1", "9", "2026"], "apply": "yes"}
    client.post("/admin/settings/asb.acknowledge", data=later)
    assert ">Withdraw<" in client.get("/admin/settings").text
    assert client.post("/admin/settings/asb.acknowledge/withdraw/2026-09-01", data={}).status_code == 302
    assert ">Withdraw<" not in client.get("/admin/settings").text
    assert client.get("/admin/settings/owhr.notify").status_code == 404
    warned = client.post("/admin/settings/asb.complaints_needed", data={"needed": "4", "on": ["1", "9", "2026"]})
    assert "3 or fewer" in warned.text


@pytest.mark.parametrize("key", ["asb.papers", "asb.complaints_needed", "care.warn", "owhr.in_force_from"])
def test_bad_values_are_refused_beside_their_field(
    client: FlaskClient, administrator: User, session: Session, key: str
) -> None:
    sign_in_as(client, administrator)
    for bad in (*REFUSED_TEXTS, *NOT_OFFERED):
        sent = dict.fromkeys(("length", "unit", "needed", "warn"), bad) | {"on": [bad] * 3, "apply": "yes"}
        answer = client.post(f"/admin/settings/{key}", data=sent)
        assert answer.status_code == 200
        assert "govuk-error-summary" in answer.text, bad[:20]
    sent = {"length": "2", "unit": "months", "on": ["1", "9", "2026"], "apply": "yes"}
    if key == "asb.papers":  # counted back, where months are no unit
        assert "govuk-error-summary" in client.post(f"/admin/settings/{key}", data=sent).text
    assert session.scalars(select(LocalSetting)).all() == []


# What each setting asks, as its page sends it, and what is recorded of it.
LADDER = {"before": [21, 7], "after_first": 1, "after_every": 14, "escalate": [7]}
LIMB = {"count": 3, "months": 6, "hate": False, "different_people": True, "last_report_within_months": 1}
ASKED = [
    ("asb.limbs", {"who_1": "people", "count_1": "3", "months_1": "6", "last_1": "1"}, [LIMB]),
    ("reminders.ladder", {"before": "21 and 7", "after_first": "1", "after_every": "14", "escalate": "7"}, LADDER),
    ("dhr.label", {"label": "Domestic abuse related death review"}, "Domestic abuse related death review"),
    (
        "dhr.complete_report",
        {"length": "6", "unit": "months", "starts": "decided_to_review", "met_by": "panel_signed_off"},
        days(6, "months", **{"from": "decided_to_review", "met_by": "panel_signed_off"}),
    ),
]


@pytest.mark.parametrize(("key", "sent", "value"), ASKED)
def test_what_a_page_asks_is_recorded_and_is_what_it_starts_from_then(
    client: FlaskClient,
    administrator: User,
    session: Session,
    today_is: Days,
    key: str,
    sent: dict[str, str],
    value: object,
) -> None:
    today_is(TODAY)
    sign_in_as(client, administrator)
    asked = {**sent, "on": ["2", "3", "2026"]}
    preview = page(client.post(f"/admin/settings/{key}", data=asked))
    assert preview.h1.text == "Check before it applies"
    again = {field["name"]: field["value"] for field in preview.select("main input[type=hidden]")}
    assert sent.items() <= again.items()
    changing = page(client.post(f"/admin/settings/{key}", data={**asked, "change": "yes"}))
    assert answers_on(changing, sent) == sent
    assert client.post(f"/admin/settings/{key}", data={**asked, "apply": "yes"}).status_code == 302
    assert session.scalars(select(LocalSetting)).one().choice == value
    shown = answers_on(page(client.get(f"/admin/settings/{key}")), sent)
    assert shown == sent | ({"before": "21, 7"} if "before" in sent else {})
    assert client.get("/admin/settings").status_code == client.get("/admin/settings/history").status_code == 200


def answers_on(soup: BeautifulSoup, names: Iterable[str]) -> dict[str, str]:
    """What a form shows as the answers to the questions of these names."""
    chosen = "[name={0}] [selected], [name={0}][checked], input[name={0}]:not([type=radio])"
    return {name: str(soup.select(chosen.format(name))[0]["value"]) for name in names}


def test_a_length_chosen_on_the_page_keeps_what_starts_and_meets_the_deadline(
    client: FlaskClient, administrator: User, session: Session, today_is: Days
) -> None:
    today_is(TODAY)
    settle("dhr.imr", {"from": "terms_agreed"}, date(2026, 1, 1))
    settle("dhr.complete_report", {"met_by": "panel_signed_off"}, date(2026, 1, 1))
    sign_in_as(client, administrator)
    for key, unit in (("dhr.imr", "days"), ("dhr.complete_report", "months")):
        start = page(client.get(f"/admin/settings/{key}"))
        asked = [name for name in ("starts", "met_by") if start.select_one(f"[name={name}]")]
        sent: dict[str, object] = {**answers_on(start, asked)}
        sent |= {"length": "9", "unit": unit, "on": ["2", "3", "2026"], "apply": "yes"}
        client.post(f"/admin/settings/{key}", data=sent)
    held = settings_on(make_partnership().id, TODAY)
    assert held["dhr.imr"] == days(9, "days", **{"from": "terms_agreed"})
    assert held["dhr.complete_report"] == days(
        9, "months", **{"from": "decided_to_review", "met_by": "panel_signed_off"}
    )
    listed = client.get("/admin/settings").text
    assert "9 months; met by “panel signed off”" in listed
    assert "9 days; from “terms of reference agreed”" in listed


@pytest.mark.parametrize(
    ("key", "sent", "error"),
    [
        ("asb.limbs", {}, "who_1"),
        ("asb.limbs", {"who_2": "hate", "count_2": "21", "months_2": "6"}, "count_2"),
        ("asb.limbs", {"who_1": "same", "count_1": "3"}, "months_1"),
        ("reminders.ladder", {"before": "soon", "after_first": "1", "after_every": "7", "escalate": ""}, "before"),
        ("reminders.ladder", {"before": "", "after_first": "1", "after_every": "7", "escalate": "9999"}, "escalate"),
        ("dhr.label", {"label": "x" * 61}, "label"),
        ("asb.threshold", {"length": "5", "unit": "days", "starts": "nothing"}, "starts"),
    ],
)
def test_what_cannot_be_chosen_is_said_beside_its_question(
    client: FlaskClient, administrator: User, session: Session, key: str, sent: dict[str, str], error: str
) -> None:
    sign_in_as(client, administrator)
    answer = client.post(f"/admin/settings/{key}", data={**sent, "on": ["1", "9", "2026"], "apply": "yes"})
    links = [link["href"] for link in page(answer).select(".govuk-error-summary a")]
    assert f"#{error}" in links
    assert session.scalars(select(LocalSetting)).all() == []


# -- Reminders ---------------------------------------------------------------------------------------------------------


def test_another_ladder_has_open_deadlines_looked_at_again_and_makes_nothing_up(
    officer: User, administrator: User, session: Session, today_is: Days
) -> None:
    case = make_case(officer, "dhr", date(2026, 2, 2))  # to be decided by 2 March, and is late
    make_user(Role.MANAGER)
    later = make_case(officer, "dhr", date(2026, 2, 20))  # by 20 March
    today_is(date(2026, 3, 10))
    queue_reminders("a sweep", by=None, on=date(2026, 3, 10))
    due = {each.id: next(row for row in each.deadlines if row.key == "decide") for each in (case, later)}
    assert (
        settings_preview(administrator, make_partnership(), "reminders.ladder", LADDER, date(2026, 3, 11)).reminded == 1
    )
    settle("reminders.ladder", LADDER | {"before": [6], "escalate": [5, 12]}, date(2026, 3, 11))
    assert {row.remind_on for row in due.values()} == {date(2026, 3, 11)}
    told = {}
    for day in (11, 12, 13, 14):
        today_is(date(2026, 3, day))
        queue_reminders("a sweep", by=None, on=date(2026, 3, day))
        told[day] = set(session.scalars(select(Reminder.rung).where(Reminder.on == date(2026, 3, day))))
    assert told == {11: set(), 12: set(), 13: set(), 14: {"6 before", "escalation 12"}}


def test_a_sweep_does_not_look_past_the_day_on_which_a_ladder_changes(
    officer: User, session: Session, today_is: Days
) -> None:
    settle("reminders.ladder", LADDER | {"before": [20]}, date(2026, 3, 5))
    withdrawn = settle("reminders.ladder", LADDER | {"before": [10]}, date(2026, 3, 20))
    make_case(officer, "dhr", date(2026, 3, 1))  # to be decided by 1 April
    for day in (2, 3, 12, 20, 22):
        today_is(date(2026, 3, day))
        if day == 3:
            withdraw_setting(make_partnership(), by=None, key=withdrawn.key, takes_effect_on=withdrawn.takes_effect_on)
        queue_reminders("a sweep", by=None, on=date(2026, 3, day))
    assert session.scalars(select(Reminder.rung)).all() == ["20 before"]


# -- Names -------------------------------------------------------------------------------------------------------------


def test_pages_call_reviews_as_the_partnership_does_at_no_statement_more(
    client: FlaskClient,
    officer: User,
    session: Session,
    today_is: Days,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    case = make_case(officer, "dhr", TODAY)
    sign_in_as(client, officer)
    addresses = ("/cases", f"/cases/{case.reference}", "/cases/log", f"/cases/{case.reference}/steps", "/deadlines")
    made: dict[bool, list[int]] = {False: [], True: []}
    for settled in (False, True):
        if settled:
            settle("dhr.label", "DARD review")
            session.commit()
        for address in addresses:
            with statements() as count:
                text = client.get(address).text
            made[settled].append(len(count))
            assert ("DARD" in text) is settled, address
    assert made[True] == made[False]
