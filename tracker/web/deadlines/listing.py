"""The pages of deadlines in words: the first line, the sections, and the addresses of the other ways to look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from tracker.models.users import User
from tracker.policy import Action, partnerships_where
from tracker.queries.deadlines import MOST_COUNTED, DeadlineCounts, DeadlineFilter, DeadlinePage
from tracker.web.deadlines.rows import Section, by_week, row
from tracker.web.filters import quantity, weekday_day


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of one way to look. `counts`: by week only."""

    viewer: User
    wanted: DeadlineFilter
    page: DeadlinePage
    today: date
    counts: DeadlineCounts | None = None

    @property
    def sections(self) -> Sequence[Section]:
        if self.counts:
            return by_week(self.page.deadlines, self.today)
        rows = tuple(row(deadline, self.today) for deadline in self.page.deadlines)
        return [Section("all", quantity(len(rows), "deadline"), rows)] if rows else []

    @property
    def headline(self) -> str:
        """3 deadlines are overdue and 5 more are due this week"""
        if self.wanted.on:
            return f"Due on {weekday_day(self.wanted.on)}"
        if not self.counts:
            return "Waiting without a date, or on hold"
        late, soon = self.counts.overdue, self.counts.this_week
        yours = " of yours" if self.wanted.mine else ""
        if not late and not soon:
            return f"Nothing{yours} is overdue or due this week"
        if not late:
            return f"Nothing{yours} is overdue; {are(soon, 'deadline')} due this week"
        first = f"{are(late, 'deadline', yours)} overdue"
        return f"{first} and {are(soon, 'more')} due this week" if soon else f"{first}; nothing more is due this week"

    @property
    def undated(self) -> str:
        """What the list leaves out, in words."""
        return counted(self.counts.undated, "deadline") if self.counts else ""

    def page_href(self, number: int) -> str:
        return address(self.wanted, page=number)


def counted(number: int, noun: str) -> str:
    """1 deadline, 12 deadlines, more than 500 deadlines"""
    if noun == "more":
        return f"more than {MOST_COUNTED}" if number > MOST_COUNTED else f"{number} more"
    return f"more than {MOST_COUNTED} {noun}s" if number > MOST_COUNTED else quantity(number, noun)


def are(number: int, noun: str, whose: str = "") -> str:
    words = f"{counted(number, noun)}{whose} {'is' if number == 1 else 'are'}"
    return f"{words[:1].upper()}{words[1:]}" if whose or (noun != "more" and words.startswith("more")) else words


def address(wanted: DeadlineFilter, page: int = 1) -> str:
    """The list that *wanted* asks for."""
    given: dict[str, Any] = {"whose": "mine" if wanted.mine else None, "page": page if page > 1 else None}
    if wanted.on:
        return url_for("deadlines.day", on=wanted.on.isoformat(), **given)
    return url_for("deadlines.undated" if wanted.undated else "deadlines.index", **given)


def month_address(month: date, *, mine: bool) -> str:
    return url_for("deadlines.month", month=f"{month:%Y-%m}", whose="mine" if mine else None)


def views(here: str, today: date, *, mine: bool) -> list[tuple[str, str, bool]]:
    """The ways to look at what is due: words, address, whether it is this one."""
    offered = (
        ("By week", "index", address(DeadlineFilter(mine=mine))),
        ("By month", "month", month_address(today, mine=mine)),
        ("No date or on hold", "undated", address(DeadlineFilter(mine=mine, undated=True))),
    )
    return [(words, href, key == here) for words, key, href in offered]


def may_have_own(viewer: User) -> bool:
    """Whether deadlines can be this person's to see to."""
    return bool(partnerships_where(viewer, Action.RECORD_STEP))
