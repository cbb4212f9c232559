"""A stored deadline as lists of several cases and plans show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from tracker.models.cases import Case, Deadline
from tracker.queries.deadlines import CHAIRED, EITHER, end_of_week
from tracker.web.case_words import holder_words
from tracker.web.due import due_title, place, statuses, working_href
from tracker.web.filters import day, short_day
from tracker.web.review_names import review_kind


@dataclass(frozen=True, slots=True)
class Row:
    """One deadline. `statuses`: kind and words, the first of most weight; `why`: where its working is.

    `place`: the case or the plan it belongs to, with its page and its `kind`.
    """

    due: str
    title: str
    why: str
    place: str
    href: str
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


def row(deadline: Deadline, today: date) -> Row:
    case = deadline.case
    words, href = place(deadline)
    return Row(
        due=short_day(deadline.due_on) if deadline.due_on else "No date",
        title=due_title(deadline),
        why=working_href(deadline),
        place=words,
        href=href,
        kind=review_kind(case.procedure, case.partnership_id) if case else "Partnership plan",
        owner=holder_words(deadline.owner),
        named=owner_name(deadline, case) if case else "",
        statuses=tuple(statuses(deadline, today)),
    )


def owner_name(deadline: Deadline, case: Case) -> str:
    """Who sees to it by name, where the case has somebody; whoever chases, where it waits for another body."""
    if deadline.owner in CHAIRED and case.chair:
        return case.chair.name
    if deadline.owner in ("officer", EITHER):
        return case.lead.name if case.lead else "Nobody leads this case"
    return ""


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
