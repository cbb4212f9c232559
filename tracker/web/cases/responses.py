"""Who was asked for something and who has answered: one grid for each request that the procedure knows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask import url_for

from tracker.procedures.reckoning import CANCELLED, MET_LATE, OVERDUE, Deadline
from tracker.procedures.state import Happened
from tracker.procedures.vocabulary import Standing, Step
from tracker.web.case_words import capitalised, count_of, plural
from tracker.web.cases.opened import OpenedCase, standing
from tracker.web.filters import quantity

NIL = "nil"  # the question of a reply whether it says that there was no contact


@dataclass(slots=True)
class Response:
    """How one body stands to a request. `said`: the answer that a reply had to choose."""

    body: str
    asked: date | None = None
    chased: list[date] = field(default_factory=list)
    replied: date | None = None
    is_nil: bool = False
    said: str = ""
    deadline: Deadline | None = None
    links: tuple[tuple[str, str], ...] = ()

    @property
    def waits(self) -> bool:
        return self.asked is not None and self.replied is None and not self.is_over

    @property
    def is_over(self) -> bool:
        """Whether no answer is waited for any more, though there was none."""
        return self.replied is None and self.deadline is not None and self.deadline.status == CANCELLED

    def stands(self, words: Standing, today: date) -> tuple[str, str]:
        """Status kind and words: not asked, asked, chased, received, nil return, days overdue."""
        if self.replied:
            late = self.deadline is not None and self.deadline.status == MET_LATE
            answered = "Nil return" if self.is_nil else words.answered
            return ("metlate", f"{answered} late") if late else ("met", answered)
        if self.asked is None:
            return "none", words.before
        if self.is_over:
            return "none", "Not recorded"
        if self.deadline and self.deadline.status == OVERDUE:
            return standing(self.deadline, today)
        return "waits", f"Chased {quantity(len(self.chased), 'time')}" if self.chased else words.asked


@dataclass(frozen=True, slots=True)
class Grid:
    """The bodies of one request, those asked first. `noun`: what one of them is called."""

    key: str
    title: str
    noun: str
    words: Standing
    rows: tuple[Response, ...]

    @property
    def waiting(self) -> int:
        return sum(row.waits for row in self.rows)

    @property
    def summary(self) -> str:
        """Two agencies have still to answer, three have answered"""
        asked = sum(row.asked is not None or row.replied is not None for row in self.rows)
        if not asked:
            return f"No {self.noun} yet"
        answered = sum(row.replied is not None for row in self.rows)
        return f"{answered} of {asked} {self.noun if asked == 1 else plural(self.noun)} answered"


def grids(opened: OpenedCase, agencies: Sequence[str]) -> list[Grid]:
    """A grid for each request that was made or could be made now."""
    happened = {past.step.key for past in opened.reckoning.history}
    return [
        grid(opened, request, reply, agencies)
        for request, reply in opened.reckoning.procedure.requests
        if {request.key, reply.key} & happened or request.key in opened.reckoning.open_steps
    ]


def grid(opened: OpenedCase, request: Step, reply: Step, agencies: Sequence[str]) -> Grid:
    reckoning = opened.reckoning
    found = answered(reckoning.history, request, reply)
    expected = reckoning.procedure.subjects if reply.unasked else agencies  # the law names those nobody asks
    rows = [*found.values(), *(Response(name) for name in expected if name not in found)]
    keys = {rule.key for rule in reckoning.procedure.deadlines if rule.per_subject and request.key in rule.started_by}
    latest = {each.subject: each for each in reckoning.deadlines if each.key in keys}
    for row in rows:
        row.deadline = latest.get(row.body)
        row.links = tuple(links(opened, row, request, reply))
    title = f"{plural(capitalised(request.subject))}: {request.phrase}"
    return Grid(request.key.replace("_", "-"), title, request.subject, reply.standing, tuple(rows))


def answered(history: Iterable[Happened], request: Step, reply: Step) -> dict[str, Response]:
    """Each body that was asked or has replied, in that order, as its latest request stands."""
    found: dict[str, Response] = {}
    for past in history:
        body, on = past.event.subject, past.event.on
        if past.step.key == request.key:
            before = found.get(body)
            if before and before.asked and not before.replied:
                before.chased.append(on)
            else:
                found[body] = Response(body, asked=on)
        elif past.step.key == reply.key:
            row = found.setdefault(body, Response(body))
            row.replied, row.is_nil, row.said = on, past.answers.get(NIL) == "yes", said(past)
    return found


def said(past: Happened) -> str:
    chosen = [question for question in past.step.questions if question.derives and past.answers.get(question.key)]
    return ", ".join(question.shown(past.answers[question.key]) for question in chosen)


def links(opened: OpenedCase, row: Response, request: Step, reply: Step) -> Iterator[tuple[str, str]]:
    """What this person may do about one body now."""
    now = opened.steps_now

    def href(step: Step) -> str:
        return url_for("steps.record", reference=opened.reference, key=step.key, subject=row.body)

    if (row.waits or (reply.unasked and not row.replied)) and reply.key in now:
        yield reply.label, href(reply)
    if row.asked is None and not row.replied and request.key in now:
        yield request.label, href(request)
    elif row.waits and request.key in now and row.deadline and row.deadline.is_open and not reply.unasked:
        yield "Chase", href(request)


def finding(found: Sequence[Grid]) -> str:
    """The page in a sentence."""
    waiting = [grid for grid in found if grid.waiting]
    if waiting:
        first = waiting[0]
        have = "has" if first.waiting == 1 else "have"
        return f"{capitalised(count_of(first.waiting, first.noun))} {have} still to answer"
    if any(row.replied for grid in found for row in grid.rows):
        return "Everybody who was asked has answered"
    return "Nobody has been asked for anything yet" if found else "People and agencies"
