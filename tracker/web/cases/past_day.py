"""A case as it was known on a past day: what had been recorded by then, and the deadlines that followed from it."""

from dataclasses import dataclass
from datetime import date

from tracker.models.cases import Event
from tracker.models.facts import reckoned
from tracker.procedures.facts import NotAllowed
from tracker.procedures.reckoning import Deadline, Reckoning
from tracker.web.case_words import holder_words, title_of
from tracker.web.cases.events import known_by
from tracker.web.cases.opened import OpenedCase, standing
from tracker.web.filters import short_day


@dataclass(frozen=True, slots=True)
class PastDay:
    """`later`: how many events had happened by then and were recorded afterwards.

    `refusal`: why what was known then is no whole case. It happens only where a file brought in the times of recording.
    """

    day: date
    stage: str
    on_hold: bool
    events: tuple[Event, ...]
    deadlines: tuple[Deadline, ...]
    later: int
    first_recorded: date | None
    refusal: str = ""
    reckoning: Reckoning | None = None

    @property
    def standing(self) -> list[tuple[str, str, str, str, str]]:
        """Of each deadline: title, due day, status kind and words, and the length of its rule."""
        return [
            (
                title_of(deadline),
                short_day(deadline.due) if deadline.due else "No date",
                *standing(deadline, self.day),
                f"{holder_words(deadline.owner)}: {deadline.period}",
            )
            for deadline in self.deadlines
        ]


def past_day(opened: OpenedCase, day: date) -> PastDay:
    """What the tracker would have shown at the end of that day."""
    case = opened.case
    known = [event for event in known_by(case, day) if event.happened_on <= day]
    later = sum(1 for event in case.events if event.happened_on <= day) - len(known)
    first = min((event.recorded_at.date() for event in case.events), default=None)
    try:
        reckoning = reckoned(case, day, known_on=day, settings=opened.settings)
    except NotAllowed as refused:
        return PastDay(day, "", False, (), (), later, first, refused.message)
    stage = reckoning.procedure.stage(reckoning.stage).label if known else ""
    return PastDay(
        day=day,
        stage=stage,
        on_hold=reckoning.on_hold,
        events=tuple(known),
        reckoning=reckoning,
        deadlines=tuple(reckoning.open_deadlines),
        later=later,
        first_recorded=first,
    )
