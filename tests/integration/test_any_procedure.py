"""Any procedure, driven by random permitted and forbidden moves: what is always true of a case, whatever happens."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.builders import make_partnership, make_user
from tests.moves import AGENCIES, TEXTS, Move, any_move, fitting_move, wrong_answers_to
from tracker.errors import NotFound, NotPermitted, Refused, Stale
from tracker.extensions import db
from tracker.models import AuditEntry, AuditHead, Case, Deadline, Event, ReferenceNumber, User
from tracker.models.cases import PROJECTED
from tracker.models.facts import reckoned
from tracker.models.projection import differences
from tracker.models.users import Role
from tracker.procedures import PROCEDURES
from tracker.procedures.case_file import read_case
from tracker.procedures.reckoning import Reckoning
from tracker.procedures.threshold import Complaint
from tracker.procedures.vocabulary import Effect, Procedure, Step
from tracker.queries.case_files import case_file
from tracker.services.case_files import load_cases
from tracker.services.cases import Resent, correct_event, log_referral, record_step

FIRST_DAY = date(2024, 2, 1)
EXAMPLES, STEPS = 12, 24


@pytest.mark.parametrize("procedure", PROCEDURES.values(), ids=lambda procedure: procedure.edition)
def test_what_is_always_true_of_a_case(
    procedure: Procedure, session: Session, today_is: Callable[[date], None]
) -> None:
    make_partnership()
    people = {role: make_user(role).id for role in Role}
    run_state_machine_as_test(
        lambda: AnyCase(procedure, people, today_is),
        settings=settings(max_examples=EXAMPLES, stateful_step_count=STEPS),
    )


class AnyCase(RuleBasedStateMachine):
    """One case from its referral on. Every move is made through the use-cases, by somebody, on some day."""

    def __init__(
        self, procedure: Procedure, people: dict[Role, int], today_is: Callable[[date], None]
    ) -> None:
        super().__init__()
        self.procedure, self.today_is = procedure, today_is
        # Each example starts from the same rows, and all that it writes is undone.
        db.session.remove()
        self.example = db.engine.begin_nested()  # type: ignore[attr-defined]
        self.session = db.session()
        self.people = {role: self.session.get_one(User, number) for role, number in people.items()}
        self.partnership = make_partnership()
        self.case: Case
        self.keys: list[str] = []
        self.today = FIRST_DAY
        self.today_is(self.today)

    # -- What is tried --------------------------------------------------------------------------------------------

    @initialize(data=st.data())
    def log(self, data: st.DataObject) -> None:
        """A referral of some day in the last weeks, with whatever its kind of review may hold."""
        before = self.audited()
        on = self.today - timedelta(days=data.draw(st.integers(0, 60)))
        self.case = log_referral(self.partnership, by=self.people[Role.OFFICER], on=on, **self.referral(data, on))
        assert self.audited() == before + 1
        assert (self.case.version, len({event.number for event in self.case.events})) == (1, len(self.case.events))

    @rule(data=st.data())
    def record_what_is_open(self, data: st.DataObject) -> None:
        """Each open step can truly be recorded today, by somebody in each of its roles."""
        answer = self.reckoned()
        step = data.draw(st.sampled_from([self.step(key) for key in answer.open_steps]))
        move = data.draw(fitting_move(self.case, step, answer, self.today))
        by, key = self.somebody(data, step), f"form {len(self.keys) + 1}"
        if step.effect is Effect.CORRECTED:
            self.try_either(lambda: self.record(step, by, self.today, move))
        else:
            self.succeeds(lambda: self.record(step, by, self.today, move, submission_key=key))
            self.keys.append(key)

    @rule(data=st.data())
    def record_what_is_not_open(self, data: st.DataObject) -> None:
        """No other step can, once the day of the last event is over: facts of one day may stand in any order."""
        self.days_pass(1)
        closed = [step for step in self.procedure.steps if step.key not in self.reckoned().open_steps]
        step = data.draw(st.sampled_from(closed))
        move = data.draw(any_move(step, self.today))
        self.refused(Refused, lambda: self.record(step, self.somebody(data, step), self.today, move))

    @rule(data=st.data())
    def record_late(self, data: st.DataObject) -> None:
        """An entry of any earlier day is taken or refused; whichever it is, it is so wholly."""
        step = data.draw(st.sampled_from(self.procedure.steps))
        assert self.case.opened_on is not None
        on = data.draw(st.dates(self.case.opened_on, self.today))
        move = data.draw(any_move(step, on))
        self.try_either(lambda: self.record(step, self.somebody(data, step), on, move))

    @rule(data=st.data(), days=st.integers(1, 400))
    def record_before_the_beginning(self, data: st.DataObject, days: int) -> None:
        step = data.draw(st.sampled_from(self.procedure.steps))
        assert self.case.opened_on is not None
        on = self.case.opened_on - timedelta(days=days)
        move = data.draw(any_move(step, on))
        self.refused(Refused, lambda: self.record(step, self.somebody(data, step), on, move))

    @rule(data=st.data(), days=st.integers(1, 400))
    def record_the_future(self, data: st.DataObject, days: int) -> None:
        step, on = data.draw(st.sampled_from(self.procedure.steps)), self.today + timedelta(days=days)
        move = data.draw(any_move(step, self.today))
        refusal = self.refused(Refused, lambda: self.record(step, self.somebody(data, step), on, move))
        assert refusal.field == "on"

    @rule(data=st.data())
    def record_a_wrong_answer(self, data: st.DataObject) -> None:
        asking = [step for step in self.procedure.steps if step.questions and not step.opens]
        step = data.draw(st.sampled_from(asking))
        question = data.draw(st.sampled_from(step.questions))
        move = data.draw(any_move(step, self.today))
        wrong = move.answers | {question.key: data.draw(wrong_answers_to(question))}
        if question.derives and not question.default and data.draw(st.booleans()):
            del wrong[question.key]
        by = self.somebody(data, step)
        refusal = self.refused(Refused, lambda: self.record(step, by, self.today, Move(move.subject, wrong)))
        assert refusal.field == question.key

    @rule(data=st.data(), subject=st.sampled_from(["", "  ", "a\x00b", "\ud800", "x" * 20_001]))
    def record_of_nobody(self, data: st.DataObject, subject: str) -> None:
        step = data.draw(st.sampled_from([step for step in self.procedure.steps if step.subject]))
        move = data.draw(any_move(step, self.today))
        by = self.somebody(data, step)
        refusal = self.refused(Refused, lambda: self.record(step, by, self.today, replace(move, subject=subject)))
        assert refusal.field == "subject"

    @rule(data=st.data())
    def record_in_a_wrong_role(self, data: st.DataObject) -> None:
        step = data.draw(st.sampled_from([step for step in self.procedure.steps if set(step.by) < set(Role)]))
        by = self.people[data.draw(st.sampled_from(sorted(set(Role) - set(step.by))))]
        move = data.draw(any_move(step, self.today))
        self.refused((NotPermitted, NotFound), lambda: self.record(step, by, self.today, move))

    @rule(data=st.data(), behind=st.integers(-3, 5).filter(bool))
    def record_on_an_old_form(self, data: st.DataObject, behind: int) -> None:
        step = data.draw(st.sampled_from(self.procedure.steps))
        move = data.draw(any_move(step, self.today))
        version = self.case.version - behind
        self.refused(Stale, lambda: self.record(step, self.somebody(data, step), self.today, move, version=version))

    @precondition(lambda self: self.keys)
    @rule(data=st.data())
    def send_a_form_again(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(self.keys))
        step = data.draw(st.sampled_from(self.procedure.steps))
        move, by = data.draw(any_move(step, self.today)), self.somebody(data, step)
        again = self.refused(Resent, lambda: self.record(step, by, self.today, move, submission_key=key))
        assert isinstance(again, Resent)
        assert again.event.submission_key == key
        officer = self.people[Role.OFFICER]
        self.refused(Resent, lambda: correct_event(self.case, by=officer, number=1, reason="", submission_key=key))

    @rule(data=st.data())
    def correct(self, data: st.DataObject) -> None:
        """Any event, with or without the right fact; the first one with its own day again always can be."""
        event = data.draw(st.sampled_from(self.case.events))
        on = data.draw(st.none() | st.dates(FIRST_DAY - timedelta(days=90), self.today))
        by = self.people[data.draw(st.sampled_from([Role.OFFICER, Role.CHAIR, Role.MANAGER]))]
        self.try_either(lambda: correct_event(self.case, by=by, number=event.number, reason="A slip.", on=on))

    @rule(number=st.sampled_from([-1, 0, 10_000]))
    def correct_what_is_not_there(self, number: int) -> None:
        officer = self.people[Role.OFFICER]
        self.refused(Refused, lambda: correct_event(self.case, by=officer, number=number, reason="A slip."))

    @rule(data=st.data())
    def log_a_wrong_referral(self, data: st.DataObject) -> None:
        """A day to come, a wrong answer, or somebody who may not."""
        given, on, by = self.referral(data, self.today), self.today, self.people[Role.OFFICER]
        match data.draw(st.sampled_from(["day", "answer", "role"])):
            case "day":
                on += timedelta(days=1)
            case "answer":
                question = data.draw(st.sampled_from(self.procedure.opening.questions))
                given["answers"] = {question.key: data.draw(wrong_answers_to(question))}
            case "role":
                by = self.people[data.draw(st.sampled_from(sorted(set(Role) - {Role.OFFICER})))]
        self.refused(Refused, lambda: log_referral(self.partnership, by=by, on=on, **given))

    @rule(days=st.integers(1, 45))
    def days_pass(self, days: int) -> None:
        self.today += timedelta(days=days)
        self.today_is(self.today)

    # -- What is always true --------------------------------------------------------------------------------------

    @invariant()
    def stands_as_its_facts_say(self) -> None:
        if not hasattr(self, "case"):
            return
        answer = self.reckoned()
        assert self.case.stage in {stage.key for stage in self.procedure.stages}
        assert differences(self.case, answer) == []
        assert [event.number for event in self.case.events] == list(range(1, len(self.case.events) + 1))
        shown = case_file(self.case)
        assert read_case(shown.as_json()) == shown
        assert set(answer.open_steps) <= {step.key for step in self.procedure.steps}

    def teardown(self) -> None:
        """Ends the example, whether or not it failed."""
        try:
            if hasattr(self, "case"):
                self.load_what_is_shown()
        finally:
            db.session.remove()
            self.example.rollback()

    def load_what_is_shown(self) -> None:
        """What is shown of the case loads again as another, the same in all but its reference."""
        copy = replace(case_file(self.case), reference=f"COPY-{self.case.id}")
        load_cases("a copy", by=None, case_files=[read_case(copy.as_json())], references=[copy.reference])
        loaded = self.session.scalars(select(Case).where(Case.reference == copy.reference)).one()
        assert case_file(loaded) == copy
        assert differences(loaded, self.reckoned()) == []

    # -- How -------------------------------------------------------------------------------------------------------

    def step(self, key: str) -> Step:
        found = self.procedure.step(key)
        assert found is not None
        return found

    def reckoned(self) -> Reckoning:
        return reckoned(self.case, self.today)

    def somebody(self, data: st.DataObject, step: Step) -> User:
        return self.people[Role(data.draw(st.sampled_from(step.by)))]

    def record(self, step: Step, by: User, on: date, move: Move, **rest: object) -> Event:
        return record_step(
            self.case,
            by=by,
            step=step.key,
            on=on,
            answers=move.answers,
            subject=move.subject,
            **rest,  # type: ignore[arg-type]
        )

    def referral(self, data: st.DataObject, on: date) -> dict[str, object]:
        opening = data.draw(any_move(self.procedure.opening, on))
        partners = data.draw(st.sets(st.sampled_from(AGENCIES))) if self.procedure.step("partner_aware") else ()
        complaints = [
            Complaint(on - timedelta(days=days + 5), on - timedelta(days=days), "Council", data.draw(st.sampled_from(TEXTS)).strip())
            for days in (data.draw(st.lists(st.integers(0, 200), max_size=3)) if self.procedure.takes_complaints else ())
        ]
        return {
            "edition": self.procedure.edition,
            "answers": opening.answers,
            "complaints": complaints,
            "criteria": [{"key": criterion.key, "met": "unclear"} for criterion in self.procedure.criteria],
            "deaths": [{"on": "2024-01"}] if self.procedure.takes_deaths else [],
            "themes": [key for key, _ in self.procedure.themes[:1]],
            "aware": dict.fromkeys(partners, on),
        }

    def audited(self) -> int:
        """How many audit entries there are; they are numbered without a gap."""
        count, first, last = self.session.execute(
            select(func.count(), func.min(AuditEntry.number), func.max(AuditEntry.number))
        ).one()
        assert last == self.session.scalar(select(AuditHead.number)) if count else True
        assert (first, last) == ((1, count) if count else (None, None))
        return int(count)

    def written(self) -> tuple[object, ...]:
        """All that a use-case could have written, as the database has it."""
        columns = [getattr(Deadline, name) for name in PROJECTED]
        mine = Deadline.case_id == self.case.id
        return (
            self.audited(),
            self.session.scalar(select(func.count(Case.id))),
            self.session.scalar(select(func.count(Event.id))),
            self.session.scalar(select(func.sum(ReferenceNumber.number))),
            tuple(self.session.execute(select(*Case.__table__.columns).where(Case.id == self.case.id)).one()),
            [tuple(row) for row in self.session.execute(select(*columns).where(mine).order_by(Deadline.position))],
        )

    def succeeds(self, move: Callable[[], object]) -> None:
        audited, version = self.audited(), self.case.version
        move()
        assert (self.audited(), self.case.version) == (audited + 1, version + 1)

    def refused(self, kind: type[Exception] | tuple[type[Exception], ...], move: Callable[[], object]) -> Refused:
        before = self.written()
        with pytest.raises(kind) as refusal:
            move()
        assert self.written() == before
        assert str(refusal.value)
        return refusal.value  # type: ignore[return-value]

    def try_either(self, move: Callable[[], object]) -> None:
        """Done with one audit entry, or refused with nothing written."""
        before, audited, version = self.written(), self.audited(), self.case.version
        try:
            move()
        except Refused as refusal:
            assert refusal.message
            assert self.written() == before
        else:
            assert (self.audited(), self.case.version) == (audited + 1, version + 1)
