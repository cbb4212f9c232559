"""A stored deadline as lists of several cases show it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from flask import url_for

from tracker.models.cases import Case, Deadline
from tracker.procedures.reckoning import LAPSED, OPEN
from tracker.queries.deadlines import CHAIRED, EITHER, end_of_week
from tracker.web.case_words import holder_words
from tracker.web.filters import day, short_day, status_of


@dataclass(frozen=True, slots=True)
class Row:
    """One deadline. `statuses`: kind and words, the first of most weight; `why`: where its working is."""

    due: str
    title: str
    why: str
    reference: str
    kind: str
    owner: str
    named: str
    statuses: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Deadlines under one heading. `key` is unique on the page."""

    key: str
    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A stored deadline, as `status_of` asks how it stands."""

    started_on: date
    due: date | None
    met_on: date | None
    status: str
    not_recorded: bool = False


def row(deadline: Deadline, today: date) -> Row:
    case = deadline.case
    return Row(
        due=short_day(deadline.due_on) if deadline.due_on else "No date",
        title=title(deadline),
        why=working_href(deadline),
        reference=case.reference,
        kind=case.procedure.short_title,
        owner=holder_words(deadline.owner),
        named=owner_name(deadline, case),
        statuses=tuple(statuses(deadline, today)),
    )


def title(deadline: Deadline) -> str:
    """The rule's label, and whose it is where it runs for each of several bodies."""
    rule = deadline.case.procedure.deadline(deadline.key)
    label = rule.label if rule else deadline.key
    return f"{label}: {deadline.subject}" if deadline.subject else label


def working_href(deadline: Deadline) -> str:
    """Where the case's own page shows how the date was worked out."""
    anchor = f"{deadline.key}-{deadline.position}".replace("_", "-")
    return url_for(
        "cases.deadlines", reference=deadline.case.reference, _anchor=anchor if is_open(deadline) else "past"
    )


def owner_name(deadline: Deadline, case: Case) -> str:
    """Who sees to it by name, where the case has somebody; whoever chases, where it waits for another body."""
    if deadline.owner in CHAIRED and case.chair:
        return case.chair.name
    if deadline.owner in ("officer", EITHER):
        return case.lead.name if case.lead else "Nobody leads this case"
    return ""


def is_open(deadline: Deadline) -> bool:
    return deadline.state == OPEN


def statuses(deadline: Deadline, today: date) -> Iterator[tuple[str, str]]:
    late = is_open(deadline) and deadline.due_on is not None and deadline.due_on < today
    if late and deadline.held and deadline.case.on_hold:
        yield "hold", "Not overdue on hold"
        return
    state = LAPSED if late and deadline.window else deadline.state
    yield status_of(Standing(deadline.started_on, deadline.due_on, deadline.met_on, state), today)
    if is_open(deadline) and deadline.case.on_hold:
        yield "hold", "On hold"


def by_week(deadlines: Sequence[Deadline], today: date) -> list[Section]:
    """Deadlines in the order of their dates, under: overdue, this week, next week, later."""
    sections = groupby(deadlines, lambda deadline: week_of(deadline.due_on or today, today))
    return [
        Section(key, heading, tuple(row(deadline, today) for deadline in some)) for (key, heading), some in sections
    ]


def week_of(due: date, today: date) -> tuple[str, str]:
    """The key and words of the part of the list that a date belongs to."""
    this, following = end_of_week(today), end_of_week(today) + timedelta(days=7)
    if due < today:
        return "overdue", "Overdue"
    if due <= this:
        return "this-week", f"This week, to {day(this)}"
    if due <= following:
        return "next-week", f"Next week, to {day(following)}"
    return "later", "Later"
