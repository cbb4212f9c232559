"""Recording steps: what is stored, what is refused, and that a refusal writes nothing."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.builders import make_case, make_partnership, make_user
from tracker.errors import NotFound, NotPermitted, Refused, Stale
from tracker.models import AuditEntry, Case, Event, Partnership, User
from tracker.models.facts import reckoned
from tracker.models.projection import differences
from tracker.models.users import Role
from tracker.procedures import facts
from tracker.queries.cases import find_case
from tracker.services.cases import Resent, correct_event, log_referral, record_step

TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _today(today_is: Callable[[date], None]) -> None:
    today_is(TODAY)


@pytest.fixture
def officer(session: Session) -> User:
    return make_user(Role.OFFICER)


@pytest.fixture
def case(officer: User) -> Case:
    return make_case(officer, "dhr", date(2026, 1, 30))


def written(session: Session) -> tuple[int, int]:
    """How many events and audit entries there are."""
    counts = [session.scalar(select(func.count()).select_from(table)) or 0 for table in (Event, AuditEntry)]
    return counts[0], counts[1]


def record(case: Case, by: User, step: str, on: date, **rest: object) -> Event:
    return record_step(case, by=by, step=step, on=on, answers=rest.pop("answers", {}), **rest)  # type: ignore[arg-type]


def test_a_step_is_stored_with_both_times_and_moves_the_case(case: Case, officer: User) -> None:
    event = record(case, officer, "decided_to_review", date(2026, 2, 20), answers={"rationale": "Met."})
    assert (event.number, event.happened_on, event.recorded_by) == (2, date(2026, 2, 20), officer)
    assert event.recorded_at.date() == TODAY
    assert (case.stage, case.stage_since) == ("review", date(2026, 2, 20))
    assert {row.key: row.due_on for row in case.deadlines}["complete_report"] == date(2026, 8, 20)


def test_each_use_case_leaves_one_audit_entry(case: Case, officer: User, session: Session) -> None:
    _, before = written(session)
    record(case, officer, "agencies_scoped", date(2026, 2, 2), answers={"agencies": "Two."})
    _, after = written(session)
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert after == before + 1
    assert entry is not None
    assert (entry.action, entry.subject_reference, entry.actor) == ("record_step", case.reference, officer.email)


@pytest.mark.parametrize(
    ("step", "on", "field", "says"),
    [
        ("agencies_scoped", date(2026, 3, 3), "on", "today or in the past"),
        ("agencies_scoped", date(2026, 1, 29), "on", "30 January 2026 or later"),
        ("published", date(2026, 2, 20), "on", "cannot be recorded at the stage Referral"),
        ("chair_appointed", date(2026, 2, 20), "on", "cannot be recorded at the stage Referral"),
        ("imr_requested", date(2026, 2, 20), "subject", "Enter the agency"),
        ("hold_ended", date(2026, 2, 20), "step", "not on hold"),
        ("no_such_step", date(2026, 2, 20), "step", "has no step"),
        ("notification_received", date(2026, 2, 20), "step", "already recorded"),
    ],
)
def test_what_is_refused_names_its_field_and_writes_nothing(
    case: Case, officer: User, session: Session, step: str, on: date, field: str, says: str
) -> None:
    before = written(session)
    with pytest.raises(Refused, match=says) as refused:
        record(case, officer, step, on, answers={"form": "full"} if step == "published" else {})
    assert refused.value.field == field
    assert written(session) == before
    assert case.version == 1


def test_a_late_entry_is_put_where_it_belongs(case: Case, officer: User) -> None:
    record(case, officer, "decided_to_review", date(2026, 2, 20))
    record(case, officer, "agencies_scoped", date(2026, 2, 3))
    assert case.stage == "review"
    assert [event.step for event in case.events] == ["notification_received", "decided_to_review", "agencies_scoped"]


def test_a_step_before_the_event_that_opens_its_stage_is_refused(case: Case, officer: User) -> None:
    record(case, officer, "decided_to_review", date(2026, 2, 20))
    with pytest.raises(Refused, match="cannot be recorded at the stage Referral on 19 February 2026"):
        record(case, officer, "chair_appointed", date(2026, 2, 19))


def test_a_reply_before_its_request_is_refused(case: Case, officer: User) -> None:
    record(case, officer, "decided_to_review", date(2026, 2, 3))
    record(case, officer, "imr_requested", date(2026, 2, 20), subject="West Mercia Police")
    with pytest.raises(Refused, match="20 February 2026 or later"):
        record(case, officer, "imr_received", date(2026, 2, 19), subject="West Mercia Police")


def test_a_form_drawn_before_somebody_elses_change_is_stale(case: Case, officer: User, session: Session) -> None:
    version = case.version
    record(case, officer, "agencies_scoped", date(2026, 2, 3), version=version)
    before = written(session)
    with pytest.raises(Stale):
        record(case, officer, "submitted_for_decision", date(2026, 2, 4), version=version)
    assert written(session) == before


def test_the_same_form_twice_records_once(case: Case, officer: User, session: Session) -> None:
    first = record(case, officer, "agencies_scoped", date(2026, 2, 3), submission_key="a-form-sent-twice")
    before = written(session)
    with pytest.raises(Resent) as resent:
        record(case, officer, "agencies_scoped", date(2026, 2, 3), submission_key="a-form-sent-twice")
    assert resent.value.event.id == first.id
    assert written(session) == before


def test_a_role_that_the_procedure_does_not_name_may_not_record(case: Case, session: Session) -> None:
    chair = make_user(Role.CHAIR)
    with pytest.raises(NotPermitted, match="recorded by: officer"):
        record(case, chair, "agencies_scoped", date(2026, 2, 3))
    record(case, chair, "decided_to_review", date(2026, 2, 20))


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.PARTNER])
def test_roles_that_change_nothing_record_nothing(case: Case, session: Session, role: Role) -> None:
    somebody = make_user(role)
    before = written(session)
    with pytest.raises((NotPermitted, NotFound)):
        record(case, somebody, "agencies_scoped", date(2026, 2, 3))
    assert written(session) == before


def test_twenty_thousand_characters_are_kept_and_one_more_is_refused(case: Case, officer: User) -> None:
    record(case, officer, "agencies_scoped", date(2026, 2, 3), answers={"agencies": "ŵ" * 20_000})
    assert len(case.events[-1].answers["agencies"]) == 20_000
    with pytest.raises(Refused, match="20,000 characters") as refused:
        record(case, officer, "agencies_scoped", date(2026, 2, 3), answers={"agencies": "w" * 20_001})
    assert refused.value.field == "agencies"


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\ud800b"])
def test_control_characters_are_refused(case: Case, officer: User, text: str) -> None:
    with pytest.raises(Refused, match="control characters"):
        record(case, officer, "agencies_scoped", date(2026, 2, 3), answers={"agencies": text})


def test_a_correction_replaces_a_fact_and_keeps_what_was_said(case: Case, officer: User) -> None:
    record(case, officer, "decided_to_review", date(2026, 2, 20), answers={"rationale": "Met."})
    correct_event(case, by=officer, number=2, reason="The minutes say the 12th.", on=date(2026, 2, 12))
    assert [event.step for event in case.events] == [
        "notification_received",
        "decided_to_review",
        "recorded_in_error",
        "decided_to_review",
    ]
    assert case.events[3].answers == {"rationale": "Met."}
    assert case.stage_since == date(2026, 2, 12)
    assert {row.key: row.due_on for row in case.deadlines}["complete_report"] == date(2026, 8, 12)


def test_the_first_fact_can_be_corrected(case: Case, officer: User) -> None:
    correct_event(case, by=officer, number=1, reason="It came a day earlier.", on=date(2026, 1, 29))
    assert case.opened_on == date(2026, 1, 29)
    assert [(row.key, row.due_on) for row in case.deadlines] == [("decide", date(2026, 2, 28))]


def test_a_correction_that_later_steps_rest_on_is_refused(case: Case, officer: User, session: Session) -> None:
    record(case, officer, "decided_to_review", date(2026, 2, 20))
    record(case, officer, "chair_appointed", date(2026, 2, 23))
    before = written(session)
    with pytest.raises(Refused, match="“Independent chair appointed” on 23 February 2026 would no longer be possible"):
        correct_event(case, by=officer, number=2, reason="Another case.")
    assert written(session) == before


def test_references_follow_one_another_and_pass_over_those_taken(officer: User, session: Session) -> None:
    first = make_case(officer, "asb", date(2026, 1, 5))
    assert first.reference == "ASB-2026-001"
    session.add(
        Case(
            reference="ASB-2026-002",
            case_type="asb",
            edition="asb-2014",
            partnership_id=first.partnership_id,
            held_by="",
        )
    )
    session.commit()
    assert make_case(officer, "asb", date(2026, 1, 6)).reference == "ASB-2026-003"
    assert make_case(officer, "asb", date(2025, 12, 31)).reference == "ASB-2025-001"


def test_each_review_partner_has_its_own_clock_from_the_first_page_on(officer: User, session: Session) -> None:
    partnership = session.scalars(select(Partnership)).one()
    case = log_referral(
        partnership,
        by=officer,
        edition="owhr-2022",
        on=date(2026, 1, 30),
        answers={},
        also=[
            facts.Event("partner_aware", date(2026, 2, 2), "West Mercia Police"),
            facts.Event("partner_aware", date(2026, 2, 3), "Shropshire Council"),
        ],
    )
    assert [(row.subject, row.due_on) for row in case.deadlines] == [
        ("Shropshire Council", date(2026, 3, 2)),
        ("West Mercia Police", date(2026, 3, 1)),
    ]


def test_what_is_stored_is_what_a_recomputation_says(case: Case, officer: User) -> None:
    record(case, officer, "decided_not_to_review", date(2026, 2, 20))
    record(case, officer, "home_office_told", date(2026, 2, 23))
    assert differences(case, reckoned(case, TODAY)) == []


def test_a_case_one_may_not_see_is_not_found(case: Case, session: Session) -> None:
    elsewhere = make_user(Role.OFFICER, partnership=make_partnership("elsewhere"))
    assert find_case(elsewhere, case.reference) is None
    assert find_case(elsewhere, "DHR-1999-999") is None
