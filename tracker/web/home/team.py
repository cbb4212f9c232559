"""What a manager sees of the overdue cases, in words: by person, by holder, and whether it is getting better."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.models.users import User
from tracker.queries.cases import NOBODY, CaseFilter
from tracker.queries.team_work import LateCases, late_cases, month_ends, overdue_at
from tracker.web.case_words import holder_words, lasting
from tracker.web.cases.addresses import list_href, parameters_of
from tracker.web.filters import day


@dataclass(frozen=True, slots=True)
class Group:
    """Overdue cases of one person or one holder: how many, how long the oldest is overdue, and the list of them."""

    words: str
    cases: int
    longest: str
    href: str


@dataclass(frozen=True, slots=True)
class Team:
    """`ends`: how many deadlines were overdue on the last day of each month, today last."""

    by_lead: Sequence[Group]
    by_holder: Sequence[Group]
    ends: Sequence[tuple[str, int]]
    course: str


def team(viewer: User, today: date) -> Team:
    """Two statements."""
    late = late_cases(viewer, today)
    ends = month_ends(today)
    counts = overdue_at(viewer, ends)
    return Team(
        by_lead=groups(late, today, lambda each: (each.lead or "Nobody", CaseFilter(lead=each.lead_id or NOBODY))),
        by_holder=groups(late, today, lambda each: (holder_words(each.holder), CaseFilter(held=each.holder))),
        ends=[("Today" if end == today else day(end), count) for end, count in zip(ends, counts, strict=True)],
        course=course(counts, ends),
    )


def groups(late: Iterable[LateCases], today: date, kind: Callable[[LateCases], tuple[str, CaseFilter]]) -> list[Group]:
    """The cases by whom they belong to, most first."""
    found: dict[tuple[str, CaseFilter], list[LateCases]] = defaultdict(list)
    for each in late:
        found[kind(each)].append(each)
    made = [
        Group(
            words=words,
            cases=sum(each.cases for each in some),
            longest=lasting((today - min(each.since for each in some)).days),
            href=list_href(parameters_of(wanted) | {"status": "overdue"}),
        )
        for (words, wanted), some in found.items()
    ]
    return sorted(made, key=lambda group: (-group.cases, group.words))


def course(counts: Sequence[int], ends: Sequence[date]) -> str:
    """Whether it is getting better, against the end of last month."""
    before, now = counts[-2], counts[-1]
    if before == now:
        return f"As many deadlines are overdue as at the end of {ends[-2]:%B}"
    word = "Fewer" if now < before else "More"
    return f"{word} deadlines are overdue than at the end of {ends[-2]:%B}"
