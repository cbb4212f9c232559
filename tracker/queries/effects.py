"""What recording a step would do, found by reckoning with it and without it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker import clock
from tracker.errors import Refused
from tracker.models.cases import Case
from tracker.models.facts import facts_of, settings_of
from tracker.models.partnerships import Partnership
from tracker.procedures import facts
from tracker.procedures.calendars import ENGLAND_AND_WALES
from tracker.procedures.facts import Facts, NotAllowed, numbered
from tracker.procedures.reckoning import CANCELLED, Deadline, Reckoning, reckon
from tracker.procedures.referrals import Referral
from tracker.procedures.vocabulary import Procedure


@dataclass(frozen=True, slots=True)
class Effects:
    """What changes: the stage it moves to (empty: none), and the deadlines it starts, meets, moves, ends and reopens.

    A step of an earlier day may start a clock that others have stopped since: it is met by them, or starts nothing.
    """

    moves_from: str
    moves_to: str
    starts: tuple[Deadline, ...]
    meets: tuple[Deadline, ...]
    moved: tuple[Deadline, ...]
    ends: tuple[Deadline, ...]
    reopens: tuple[Deadline, ...]

    @property
    def any(self) -> bool:
        return bool(self.moves_to or self.starts or self.meets or self.moved or self.ends or self.reopens)


def effects_of(case: Case, step: str, on: date, subject: str, answers: Mapping[str, str]) -> Effects | None:
    """What one more event would do; None where the procedure does not allow it."""
    settings = settings_of(case.partnership_id, case.procedure)
    known = facts_of(case)
    event = facts.Event(step, on, subject, dict(answers), clock.now(), len(known.events) + 1)
    today = clock.today()
    try:
        before = reckon(case.procedure, known, settings, ENGLAND_AND_WALES, today)
        with_it = Facts((*known.events, event), known.complaints)
        after = reckon(case.procedure, with_it, settings, ENGLAND_AND_WALES, today)
    except NotAllowed:
        return None
    return difference(before, after)


def difference(before: Reckoning, after: Reckoning) -> Effects:
    was = {identity(deadline): deadline for deadline in before.deadlines}
    pairs = [(deadline, was.get(identity(deadline))) for deadline in after.deadlines]
    live = {identity(deadline) for deadline in after.deadlines if deadline.status != CANCELLED}
    moves = before.stage != after.stage

    def label(reckoned: Reckoning) -> str:
        return reckoned.procedure.stage(reckoned.stage).label

    return Effects(
        moves_from=label(before) if moves else "",
        moves_to=label(after) if moves else "",
        starts=tuple(d for d, old in pairs if not old and d.is_open),
        meets=tuple(d for d, old in pairs if d.met_on and (not old or d.met_on != old.met_on)),
        moved=tuple(d for d, old in pairs if old and d.due != old.due),
        ends=tuple(d for d in before.deadlines if d.is_open and identity(d) not in live),
        reopens=tuple(d for d, old in pairs if old and d.is_open and not old.is_open),
    )


def identity(deadline: Deadline) -> tuple[str, str | None, int]:
    """By the event that started it: a step of an earlier day counts its occurrences anew."""
    return deadline.key, deadline.subject, deadline.start_number


def referral_reckoned(partnership: Partnership, procedure: Procedure, referral: Referral) -> Reckoning:
    """How a case would stand if it were logged.

    Raises:
        Refused: the procedure does not allow these days; beside the field at fault.
    """
    opening = facts.Event(procedure.opening.key, referral.on, "", dict(referral.answers))
    known = Facts(numbered([opening, *referral.also]), referral.complaints)
    settings = settings_of(partnership.id, procedure)
    try:
        return reckon(procedure, known, settings, ENGLAND_AND_WALES, clock.today())
    except NotAllowed as refused:
        raise Refused(refused.message, field=refused.field) from None
