"""What the first page lists: what is next, what changed, what was begun, what an agency is asked."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from flask import url_for

from tracker import clock
from tracker.models.cases import Deadline, Event
from tracker.models.drafts import Draft
from tracker.models.facts import fact_of
from tracker.models.plans import PlannedAction
from tracker.models.users import Role
from tracker.procedures.vocabulary import uncapitalised
from tracker.queries.my_work import Changes
from tracker.web.case_words import capitalised
from tracker.web.cases.events import title as event_title
from tracker.web.due import due_title, place, statuses, working_href
from tracker.web.filters import SOON, due_in, moment, short_day, time_of_day
from tracker.web.home.findings import number
from tracker.web.referrals.journey import Journey
from tracker.web.review_names import review_title

DAY_BEFORE = 1


@dataclass(frozen=True, slots=True)
class DueRow:
    """A deadline of the viewer's. `href`: the case or the action; `why`: where it belongs, and whose turn it is."""

    when: str
    what: str
    href: str
    why: str
    status: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """Rows under one heading."""

    heading: str
    rows: tuple[DueRow, ...]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """Something that somebody else recorded on a case of the viewer's. `new`: since they were last here."""

    reference: str
    href: str
    what: str
    when: str
    new: bool


@dataclass(frozen=True, slots=True)
class DraftRow:
    what: str
    href: str
    when: str


@dataclass(frozen=True, slots=True)
class RequestRow:
    """What an agency is asked for or is to do: the reference, what, by when, and nothing else of the case or plan.

    `href`: where it answers or reports.
    """

    reference: str
    href: str
    what: str
    when: str
    status: tuple[str, str]


def next_parts(deadlines: Sequence[Deadline], today: date, roles: Set[Role]) -> list[Part]:
    """Deadlines in the order of their dates under: overdue, next 7 days, later. *roles*: those of whoever reads it."""
    grouped = groupby(deadlines, lambda deadline: part_of(deadline, today))
    return [Part(heading, tuple(due_row(deadline, today, roles) for deadline in some)) for heading, some in grouped]


def part_of(deadline: Deadline, today: date) -> str:
    days = ((deadline.due_on or today) - today).days
    return "Overdue" if days < 0 else "Next 7 days" if days <= SOON else "Later"


def due_row(deadline: Deadline, today: date, roles: Set[Role]) -> DueRow:
    where, href = place(deadline)
    if case := deadline.case:
        where = f"{where}, {uncapitalised(review_title(case.procedure, case.partnership_id))}"
    own = deadline.subject or set(deadline.owner.split()) & roles
    turn = "" if own else f", with the {deadline.owner.replace(' / ', ' or ')}"
    return DueRow(
        when=near_day(deadline.due_on, today) if deadline.due_on else "No date",
        what=due_title(deadline),
        href=href if deadline.action_id is None else working_href(deadline),
        why=f"{where}{turn}",
        status=next(statuses(deadline, today)),
    )


def near_day(on: date, today: date) -> str:
    """Mon 15 Sep; with its year, where that is another one."""
    return f"{on:%a} {on.day} {on:%b}" if on.year == today.year else short_day(on)


def change_rows(changed: Changes, today: date) -> list[ChangeRow]:
    return [change_row(event, changed.since, today) for event in changed.events]


def change_row(event: Event, since: datetime | None, today: date) -> ChangeRow:
    case = event.case
    step = case.procedure.known_step(event.step)
    by = f", {event.recorded_by.name}" if event.recorded_by else ""
    return ChangeRow(
        reference=case.reference,
        href=url_for("cases.timeline", reference=case.reference, _anchor=f"event-{event.number}"),
        what=event_title(fact_of(event), step, case.procedure),
        when=f"{when(event.recorded_at, today)}{by}",
        new=since is not None and event.recorded_at > since,
    )


def when(at: datetime, today: date) -> str:
    """Today, 9:12am; Yesterday, 3:05pm; 16 September 2025, 9:12am"""
    days = (today - clock.london(at).date()).days
    if days == 0:
        return f"Today, {time_of_day(at)}"
    return f"Yesterday, {time_of_day(at)}" if days == DAY_BEFORE else moment(at)


def draft_row(draft: Draft, today: date) -> DraftRow:
    journey = Journey(draft)
    answered = f"{number(len(journey.done))} of {number(len(journey.pages))} questions answered"
    return DraftRow(
        what=f"Referral, {uncapitalised(review_title(draft.procedure, draft.partnership_id))}",
        href=url_for("referrals.resume", key=draft.key),
        when=f"Saved {uncapitalised(when(draft.saved_at, today))}. {capitalised(answered)}.",
    )


def request_row(asked: Deadline | PlannedAction, today: date) -> RequestRow:
    page = "partner.report" if isinstance(asked, PlannedAction) else "partner.answer"
    return RequestRow(
        reference=asked.case.reference if asked.case else "Partnership plan",
        href=url_for(page, number=asked.id),
        what=f"Action: {asked.text}" if isinstance(asked, PlannedAction) else asked.label,
        when=short_day(asked.due_on) if asked.due_on else "No date",
        status=due_in((asked.due_on - today).days) if asked.due_on else ("waits", "No date set"),
    )
