"""One case, driven through the use-cases: each move is done wholly or refused wholly, and counted in the audit."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import func, select

from tests.builders import make_partnership
from tests.moves import AGENCIES, TEXTS, Move, any_move
from tracker.errors import Refused
from tracker.extensions import db
from tracker.models import AuditEntry, AuditHead, Case, Deadline, Event, ReferenceNumber, Role, User
from tracker.models.cases import PROJECTED
from tracker.models.facts import reckoned
from tracker.procedures import facts
from tracker.procedures.reckoning import Reckoning
from tracker.procedures.threshold import Complaint
from tracker.procedures.vocabulary import Procedure, Step
from tracker.services.cases import log_referral, record_step

FIRST_DAY = date(2024, 2, 1)

E = TypeVar("E", bound=Exception)


class DrivenCase(RuleBasedStateMachine):
    """A case of one procedure and the people around it, one of each role, on a day that moves on."""

    def __init__(self, procedure: Procedure, people: dict[Role, int], today_is: Callable[[date], None]) -> None:
        super().__init__()
        self.procedure, self.today_is = procedure, today_is
        # Each example starts from the same rows, and all that it writes is undone.
        db.session.remove()
        self.example = db.engine.begin_nested()  # type: ignore[attr-defined]
        self.session = db.session()
        self.people = {role: self.session.get_one(User, number) for role, number in people.items()}
        self.officer = self.people[Role.OFFICER]
        self.partnership = make_partnership()
        self.case: Case
        self.keys: list[str] = []
        self.today = FIRST_DAY
        self.pass_days(0)

    def teardown(self) -> None:
        db.session.remove()
        self.example.rollback()

    def pass_days(self, days: int) -> None:
        self.today += timedelta(days=days)
        self.today_is(self.today)

    def reckoned(self) -> Reckoning:
        return reckoned(self.case, self.today)

    # -- Moves -----------------------------------------------------------------------------------------------------

    def step(self, key: str) -> Step:
        found = self.procedure.step(key)
        assert found is not None
        return found

    def one_of(self, data: st.DataObject, steps: Iterable[Step]) -> Step:
        """Any of the steps; drawn by key, so that a failing example can be read."""
        return self.step(data.draw(st.sampled_from([step.key for step in steps])))

    def somebody(self, data: st.DataObject, step: Step) -> User:
        """Somebody who may record the step."""
        return self.people[Role(data.draw(st.sampled_from(step.by)))]

    def log(self, by: User, on: date, given: dict[str, Any]) -> Case:
        return log_referral(self.partnership, by=by, edition=self.procedure.edition, on=on, **given)

    def record(self, step: Step, by: User, on: date, move: Move, **rest: Any) -> Event:
        return record_step(self.case, by=by, step=step.key, on=on, answers=move.answers, subject=move.subject, **rest)

    def referral(self, data: st.DataObject, on: date) -> dict[str, Any]:
        """Whatever a referral of this kind may hold."""
        given: dict[str, Any] = {"answers": data.draw(any_move(self.procedure.opening, on)).answers}
        if self.procedure.step("partner_aware"):
            partners = data.draw(st.sets(st.sampled_from(AGENCIES)))
            given["also"] = [facts.Event("partner_aware", on, partner) for partner in sorted(partners)]
        if self.procedure.takes_complaints:
            given["complaints"] = [
                Complaint(on - timedelta(days=days + 5), on - timedelta(days=days), "Council", TEXTS[0])
                for days in data.draw(st.lists(st.integers(0, 200), max_size=3))
            ]
        if self.procedure.takes_deaths:
            given["deaths"] = [{"on": "2024-01"}]
        given["criteria"] = [{"key": criterion.key, "met": "unclear"} for criterion in self.procedure.criteria]
        given["themes"] = [key for key, _ in self.procedure.themes[:1]]
        return given

    # -- What was written ------------------------------------------------------------------------------------------

    def audited(self) -> int:
        """How many audit entries there are; their numbers have no gap."""
        number = AuditEntry.number
        count, first, last = self.session.execute(select(func.count(), func.min(number), func.max(number))).one()
        assert (first, last) == ((1, count) if count else (None, None))
        assert count == self.session.scalar(select(AuditHead.number))
        return int(count)

    def written(self) -> tuple[object, ...]:
        """All that a use-case could have written, as the database has it."""
        mine = Deadline.case_id == self.case.id
        deadlines = select(*(getattr(Deadline, name) for name in PROJECTED)).where(mine).order_by(Deadline.position)
        return (
            self.audited(),
            self.session.scalar(select(func.count(Case.id))),
            self.session.scalar(select(func.count(Event.id))),
            self.session.scalar(select(func.sum(ReferenceNumber.number))),
            tuple(self.session.execute(select(*Case.__table__.columns).where(Case.id == self.case.id)).one()),
            [tuple(row) for row in self.session.execute(deadlines)],
        )

    def succeeds(self, move: Callable[[], object]) -> None:
        """Done, with one audit entry and one version more."""
        audited, version = self.audited(), self.case.version
        move()
        assert (self.audited(), self.case.version) == (audited + 1, version + 1)

    def refused(self, kind: type[E] | tuple[type[E], ...], move: Callable[[], object]) -> E:
        """Refused in words, with nothing written."""
        before = self.written()
        with pytest.raises(kind) as refusal:
            move()
        assert self.written() == before
        assert str(refusal.value)
        return refusal.value

    def succeeds_or_refused(self, move: Callable[[], object]) -> bool:
        """Either, but wholly. Returns which."""
        before, version = self.written(), self.case.version
        try:
            move()
        except Refused as refusal:
            said = refusal.message
        else:
            assert (self.audited(), self.case.version) == (before[0] + 1, version + 1)  # type: ignore[operator]
            return True
        assert said
        assert self.written() == before
        return False
