"""What is known of a case: dated events and complaints, as the reckoning takes them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from tracker.procedures.threshold import Complaint

LONDON = ZoneInfo("Europe/London")


class NotAllowed(ValueError):
    """The procedure does not allow this. Says why and what may be done instead.

    `number`: the event's place in the order of recording, from 1, or 0; `field`: the answer at fault, if one is.
    """

    def __init__(self, message: str, *, number: int = 0, field: str = "") -> None:
        super().__init__(message)
        self.message, self.number, self.field = message, number, field


@dataclass(frozen=True)
class Event:
    """Something that happened. `number` is its place in the order of recording, from 1."""

    step: str
    on: date
    subject: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    recorded_at: datetime | None = None
    number: int = 0

    @cached_property
    def about(self) -> str:
        """The subject, wherever the record keeps it: beside the step, or among its answers."""
        return self.subject or self.answers.get("subject", "")


@dataclass(frozen=True, slots=True)
class Facts:
    """A case as the reckoning sees it."""

    events: tuple[Event, ...] = ()
    complaints: tuple[Complaint, ...] = ()

    def known_on(self, day: date) -> "Facts":
        """What had been recorded by the end of that day, London."""
        return replace(
            self,
            events=tuple(
                event
                for event in self.events
                if event.recorded_at is None or event.recorded_at.astimezone(LONDON).date() <= day
            ),
        )


def numbered(events: Iterable[Event]) -> tuple[Event, ...]:
    """The events with their places in the order of recording."""
    return tuple(replace(event, number=place) for place, event in enumerate(events, start=1))
