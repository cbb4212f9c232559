"""A stored deadline of some case in words: what lists across cases, calendars and notices say of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import url_for

from tracker.models.cases import Deadline
from tracker.procedures.reckoning import LAPSED, OPEN
from tracker.web.filters import status_of


@dataclass(frozen=True, slots=True)
class Standing:
    """A stored deadline, as `status_of` asks how it stands."""

    started_on: date
    due: date | None
    met_on: date | None
    status: str
    not_recorded: bool = False


def rule_label(deadline: Deadline) -> str:
    """The rule's own name, without whom it concerns."""
    rule = deadline.case.procedure.deadline(deadline.key)
    return rule.label if rule else deadline.key


def due_title(deadline: Deadline) -> str:
    """The rule's name, and whose it is where it runs for each of several bodies."""
    label = rule_label(deadline)
    return f"{label}: {deadline.subject}" if deadline.subject else label


def working_href(deadline: Deadline) -> str:
    """Where the case's own page shows how the date was worked out."""
    anchor = f"{deadline.key}-{deadline.position}".replace("_", "-") if deadline.state == OPEN else "past"
    return url_for("cases.deadlines", reference=deadline.case.reference, _anchor=anchor)


def statuses(deadline: Deadline, today: date) -> Iterator[tuple[str, str]]:
    running = deadline.state == OPEN
    late = running and deadline.due_on is not None and deadline.due_on < today
    if late and deadline.held and deadline.case.on_hold:
        yield "hold", "Not overdue on hold"
        return
    state = LAPSED if late and deadline.window else deadline.state
    yield status_of(Standing(deadline.started_on, deadline.due_on, deadline.met_on, state), today)
    if running and deadline.case.on_hold:
        yield "hold", "On hold"
