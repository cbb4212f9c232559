"""A stored deadline of some case or plan in words: what lists across cases, calendars and notices say of it."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import url_for

from tracker.models.cases import Deadline
from tracker.procedures.reckoning import LAPSED, OPEN
from tracker.web.filters import status_of

LONGEST_TITLE = 90  # characters of what an action is


@dataclass(frozen=True, slots=True)
class Standing:
    """A stored deadline, as `status_of` asks how it stands."""

    started_on: date
    due: date | None
    met_on: date | None
    status: str
    not_recorded: bool = False


def due_title(deadline: Deadline) -> str:
    """Its name, and whose it is where it runs for each of several bodies; of an action what it is."""
    about = deadline.subject
    if deadline.action:
        about = textwrap.shorten(deadline.action.text, LONGEST_TITLE, placeholder="…")
    return f"{deadline.label}: {about}" if about else deadline.label


def working_href(deadline: Deadline) -> str:
    """Where the page of the case, or of the action, shows how the date came about."""
    if deadline.action_id is not None:
        return url_for("plans.action", number=deadline.action_id)
    anchor = f"{deadline.key}-{deadline.position}".replace("_", "-") if deadline.state == OPEN else "past"
    return url_for("cases.deadlines", reference=deadline.known_case.reference, _anchor=anchor)


def place(deadline: Deadline) -> tuple[str, str]:
    """What it belongs to, and its page: the case, or the partnership's own plan. Its action has been read with it."""
    if deadline.case is None and deadline.action:
        return deadline.action.plan.title, url_for("plans.show", number=deadline.action.plan_id)
    reference = deadline.known_case.reference
    return reference, url_for("cases.show", reference=reference)


def statuses(deadline: Deadline, today: date) -> Iterator[tuple[str, str]]:
    running = deadline.state == OPEN
    late = running and deadline.due_on is not None and deadline.due_on < today
    on_hold = deadline.action_id is None and deadline.known_case.on_hold  # an action goes on
    if late and deadline.held and on_hold:
        yield "hold", "Not overdue on hold"
        return
    state = LAPSED if late and deadline.window else deadline.state
    yield status_of(Standing(deadline.started_on, deadline.due_on, deadline.met_on, state), today)
    if running and on_hold:
        yield "hold", "On hold"
