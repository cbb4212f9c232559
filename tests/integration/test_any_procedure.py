"""Any procedure, driven by random permitted and forbidden moves: what is always true of a case, whatever happens."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import make_partnership, make_user
from tests.driving import DrivenCase
from tests.moves import Move, any_move, fitting_move, wrong_answers_to
from tracker.errors import NotFound, NotPermitted, Refused, Stale
from tracker.models import Case
from tracker.models.projection import differences
from tracker.models.users import Role
from tracker.procedures import PROCEDURES
from tracker.procedures.case_file import read_case
from tracker.procedures.vocabulary import Effect, Procedure
from tracker.queries.case_files import case_file
from tracker.services.case_files import load_cases
from tracker.services.cases import Resent, correct_event

EXAMPLES, RULES = 4, 14
NOT_SUBJECTS = ("", "  ", "a\x00b", "\ud800", "x" * 20_001)


@pytest.mark.parametrize("procedure", PROCEDURES.values(), ids=lambda procedure: procedure.edition)
def test_what_is_always_true_of_a_case(
    procedure: Procedure, session: Session, today_is: Callable[[date], None]
) -> None:
    make_partnership()
    people = {role: make_user(role).id for role in Role}
    run_state_machine_as_test(
        lambda: AnyCase(procedure, people, today_is),  # type: ignore[arg-type]  # it takes any factory
        # An example is short enough to be read as it is; making it shorter would take minutes.
        settings=settings(max_examples=EXAMPLES, stateful_step_count=RULES, phases=(Phase.reuse, Phase.generate)),
    )


class AnyCase(DrivenCase):
    """What may be tried with a case, and what is true after each try."""

    @initialize(data=st.data())
    def log_it(self, data: st.DataObject) -> None:
        audited = self.audited()
        on = self.today - timedelta(days=data.draw(st.integers(0, 60)))
        self.case = self.log(self.officer, on, self.referral(data, on))
        assert (self.audited(), self.case.version, self.case.opened_on) == (audited + 1, 1, on)

    @rule(data=st.data(), steps=st.integers(1, 4))
    def record_what_is_open(self, data: st.DataObject, steps: int) -> None:
        """Each open step can truly be recorded today, by somebody in each of its roles."""
        for _ in range(steps):
            self.pass_days(data.draw(st.integers(0, 20)))
            answer = self.reckoned()
            step = self.one_of(data, [self.step(key) for key in answer.open_steps])
            move, by = data.draw(fitting_move(self.case, step, answer, self.today)), self.somebody(data, step)
            if step.effect is Effect.CORRECTED:
                self.correct_the_referral(data.draw(st.booleans()))
                continue
            key = f"form {len(self.keys) + 1}"
            self.succeeds(lambda: self.record(step, by, self.today, move, submission_key=key))  # noqa: B023
            self.keys.append(key)

    def correct_the_referral(self, earlier: bool) -> None:
        """The one correction that is always possible: the first fact again, of its own day or the day before."""
        corrected, opening = self.reckoned().corrected, self.procedure.opening.key
        (first,) = (each for each in self.case.events if each.step == opening and each.number not in corrected)
        number, on = first.number, first.happened_on - timedelta(days=int(earlier))
        self.succeeds(lambda: correct_event(self.case, by=self.officer, number=number, reason="A slip.", on=on))

    @rule(data=st.data())
    def record_late(self, data: st.DataObject) -> None:
        """An entry of any earlier day is taken or refused."""
        step = self.one_of(data, self.procedure.steps)
        assert self.case.opened_on is not None
        on = data.draw(st.dates(self.case.opened_on, self.today))
        move, by = data.draw(any_move(step, on)), self.somebody(data, step)
        self.succeeds_or_refused(lambda: self.record(step, by, on, move))

    @rule(data=st.data())
    def correct(self, data: st.DataObject) -> None:
        """Any event, with the right fact or without: where later steps rest on it, it is refused."""
        number = data.draw(st.integers(1, len(self.case.events)))
        on = data.draw(st.none() | st.dates(self.case.events[number - 1].happened_on - timedelta(days=5), self.today))
        by = self.people[data.draw(st.sampled_from([Role.OFFICER, Role.CHAIR, Role.MANAGER]))]
        self.succeeds_or_refused(lambda: correct_event(self.case, by=by, number=number, reason="A slip.", on=on))

    @rule(days=st.integers(1, 90))
    def wait(self, days: int) -> None:
        """Nothing goes wrong at midnight: what is stored does not depend on the day."""
        self.pass_days(days)

    @rule(data=st.data())
    def try_what_is_forbidden(self, data: st.DataObject) -> None:
        """Whatever is refused, is refused in words and writes nothing."""
        for forbidden in data.draw(st.lists(st.sampled_from(FORBIDDEN), min_size=2, max_size=5, unique=True)):
            forbidden(self, data)

    @invariant()
    def it_stands_as_its_facts_say(self) -> None:
        if not hasattr(self, "case"):
            return
        answer = self.reckoned()
        assert self.case.stage in {stage.key for stage in self.procedure.stages}
        assert differences(self.case, answer) == []
        assert [event.number for event in self.case.events] == list(range(1, len(self.case.events) + 1))
        shown = case_file(self.case)
        assert read_case(shown.as_json()) == shown

    def teardown(self) -> None:
        """What is shown of the case loads again as another, the same in all but its reference."""
        try:
            if hasattr(self, "case"):
                copy = replace(case_file(self.case), reference=f"COPY-{self.case.id}")
                load_cases("a copy", by=None, case_files=[read_case(copy.as_json())], references=[copy.reference])
                loaded = self.session.scalars(select(Case).where(Case.reference == copy.reference)).one()
                assert case_file(loaded) == copy
                assert differences(loaded, self.reckoned()) == []
        finally:
            super().teardown()


def a_step_that_is_not_open(driven: AnyCase, data: st.DataObject) -> None:
    """Once the day of the last event is over: facts of one day may stand in any order."""
    driven.pass_days(1)
    possible = driven.reckoned().open_steps
    step = driven.one_of(data, [step for step in driven.procedure.steps if step.key not in possible])
    move, by = data.draw(any_move(step, driven.today)), driven.somebody(data, step)
    driven.refused(Refused, lambda: driven.record(step, by, driven.today, move))


def a_day_before_the_beginning(driven: AnyCase, data: st.DataObject) -> None:
    step = driven.one_of(data, driven.procedure.steps)
    assert driven.case.opened_on is not None
    on = driven.case.opened_on - timedelta(days=data.draw(st.integers(1, 400)))
    move, by = data.draw(any_move(step, on)), driven.somebody(data, step)
    driven.refused(Refused, lambda: driven.record(step, by, on, move))


def a_day_to_come(driven: AnyCase, data: st.DataObject) -> None:
    step = driven.one_of(data, driven.procedure.steps)
    on = driven.today + timedelta(days=data.draw(st.integers(1, 400)))
    move, by = data.draw(any_move(step, driven.today)), driven.somebody(data, step)
    assert driven.refused(Refused, lambda: driven.record(step, by, on, move)).field == "on"


def a_wrong_answer(driven: AnyCase, data: st.DataObject) -> None:
    step = driven.one_of(data, [step for step in driven.procedure.steps if step.questions])
    question = data.draw(st.sampled_from(step.questions))
    move, by = data.draw(any_move(step, driven.today)), driven.somebody(data, step)
    wrong = move.answers | {question.key: data.draw(wrong_answers_to(question))}
    if question.derives and not question.default and data.draw(st.booleans()):
        del wrong[question.key]
    refusal = driven.refused(Refused, lambda: driven.record(step, by, driven.today, Move(move.subject, wrong)))
    assert refusal.field == question.key


def a_wrong_subject(driven: AnyCase, data: st.DataObject) -> None:
    step = driven.one_of(data, [step for step in driven.procedure.steps if step.subject])
    move, by = data.draw(any_move(step, driven.today)), driven.somebody(data, step)
    nobody = Move(data.draw(st.sampled_from(NOT_SUBJECTS)), move.answers)
    assert driven.refused(Refused, lambda: driven.record(step, by, driven.today, nobody)).field == "subject"


def a_wrong_role(driven: AnyCase, data: st.DataObject) -> None:
    step = driven.one_of(data, driven.procedure.steps)
    by = driven.people[data.draw(st.sampled_from(sorted(set(Role) - set(step.by))))]
    move = data.draw(any_move(step, driven.today))
    driven.refused((NotPermitted, NotFound), lambda: driven.record(step, by, driven.today, move))


def an_old_form(driven: AnyCase, data: st.DataObject) -> None:
    step = driven.one_of(data, driven.procedure.steps)
    move, by = data.draw(any_move(step, driven.today)), driven.somebody(data, step)
    version = driven.case.version - data.draw(st.integers(-3, 5).filter(bool))
    driven.refused(Stale, lambda: driven.record(step, by, driven.today, move, version=version))


def a_form_sent_twice(driven: AnyCase, data: st.DataObject) -> None:
    if not driven.keys:
        return
    key = data.draw(st.sampled_from(driven.keys))
    step = driven.one_of(data, driven.procedure.steps)
    move, by = data.draw(any_move(step, driven.today)), driven.somebody(data, step)
    again = driven.refused(Resent, lambda: driven.record(step, by, driven.today, move, submission_key=key))
    assert (again.event.submission_key, again.event.case) == (key, driven.case)
    officer, case = driven.officer, driven.case
    driven.refused(Resent, lambda: correct_event(case, by=officer, number=1, reason="A slip.", submission_key=key))


def a_correction_of_nothing(driven: AnyCase, data: st.DataObject) -> None:
    number, officer = data.draw(st.sampled_from([-1, 0, 10_000])), driven.officer
    driven.refused(Refused, lambda: correct_event(driven.case, by=officer, number=number, reason="A slip."))


def a_referral_of_a_day_to_come(driven: AnyCase, data: st.DataObject) -> None:
    given = driven.referral(data, driven.today)
    driven.refused(Refused, lambda: driven.log(driven.officer, driven.today + timedelta(days=1), given))


def a_referral_with_a_wrong_answer(driven: AnyCase, data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(driven.procedure.opening.questions))
    given = driven.referral(data, driven.today) | {"answers": {question.key: data.draw(wrong_answers_to(question))}}
    assert driven.refused(Refused, lambda: driven.log(driven.officer, driven.today, given)).field == question.key


def a_referral_by_somebody_else(driven: AnyCase, data: st.DataObject) -> None:
    by = driven.people[data.draw(st.sampled_from(sorted(set(Role) - {Role.OFFICER})))]
    given = driven.referral(data, driven.today)
    driven.refused(NotPermitted, lambda: driven.log(by, driven.today, given))


FORBIDDEN = (
    a_step_that_is_not_open,
    a_day_before_the_beginning,
    a_day_to_come,
    a_wrong_answer,
    a_wrong_subject,
    a_wrong_role,
    an_old_form,
    a_form_sent_twice,
    a_correction_of_nothing,
    a_referral_of_a_day_to_come,
    a_referral_with_a_wrong_answer,
    a_referral_by_somebody_else,
)
