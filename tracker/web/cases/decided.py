"""The meetings and decisions of a case as cards: what, why, by whom, who was consulted, and what became of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import url_for

from tracker.procedures.state import Happened
from tracker.web.cases.events import ShownEvent, shown_events
from tracker.web.cases.opened import OpenedCase

NOT_RECORDED = "Not recorded"


@dataclass(frozen=True, slots=True)
class Card:
    """A meeting or a decision. `answers` hold what was not answered too; `superseded_by`: a later one replaced it."""

    shown: ShownEvent
    title: str
    is_meeting: bool
    answers: tuple[tuple[str, str], ...]
    superseded_by: ShownEvent | None

    @property
    def stands(self) -> tuple[str, str]:
        """Status kind and words."""
        if self.shown.corrected_by:
            return "none", "Recorded in error"
        if self.superseded_by:
            return "none", "Superseded"
        return "met", "Held" if self.is_meeting else "Stands"


def cards(opened: OpenedCase) -> list[Card]:
    """Every meeting and decision, the latest first."""
    procedure = opened.reckoning.procedure
    kinds = {step.key: step for step in procedure.steps if step.decides or step.meeting}
    wanted = {event.number for event in opened.case.events if event.step in kinds}
    found = {shown.number: shown for shown in shown_events(opened.case, opened.reckoning, only=wanted)}
    later, numbers = superseded(opened.reckoning.history), meetings(opened.reckoning.history)
    made = [
        Card(
            shown,
            f"{shown.title}, number {numbers[number]}" if number in numbers else shown.title,
            kinds[shown.event.step].meeting,
            tuple(answers(opened, shown)),
            found.get(later.get(number, 0)),
        )
        for number, shown in found.items()
    ]
    return sorted(made, key=lambda card: (card.shown.event.happened_on, card.shown.number), reverse=True)


def superseded(history: tuple[Happened, ...]) -> dict[int, int]:
    """Of each decision that counted, the number of the next one about the same thing."""
    last: dict[tuple[str, str], int] = {}
    later: dict[int, int] = {}
    for past in history:
        if past.step.decides:
            about = past.step.decides, past.event.subject
            if about in last:
                later[last[about]] = past.event.number
            last[about] = past.event.number
    return later


def meetings(history: tuple[Happened, ...]) -> dict[int, int]:
    """The place of each meeting among those of its kind, where there are several."""
    found: dict[str, list[int]] = {}
    for past in history:
        if past.step.meeting:
            found.setdefault(past.step.key, []).append(past.event.number)
    return {
        number: place for numbers in found.values() if len(numbers) > 1 for place, number in enumerate(numbers, start=1)
    }


def answers(opened: OpenedCase, shown: ShownEvent) -> Iterator[tuple[str, str]]:
    """Question and answer; of what a good record needs, also that it is not there."""
    step = opened.reckoning.procedure.known_step(shown.event.step)
    given = dict(shown.answers)
    for question in step.questions:
        answer = given.pop(question.label, "")
        if answer or question.required:
            yield question.label, answer or NOT_RECORDED
    yield from given.items()


def to_decide(opened: OpenedCase) -> list[tuple[str, str, bool]]:
    """The decisions that this person may record now: words, address, and whether a deadline waits for it."""
    procedure = opened.reckoning.procedure
    now = {step.decides for step in opened.steps_now.values() if step.decides}
    rules = [procedure.known_deadline(deadline.key) for deadline in opened.reckoning.open_deadlines]
    awaited = {procedure.known_step(way.step).decides for rule in rules for way in rule.met_by}
    return [
        (decision.label, decision_href(opened, decision.key), decision.key in awaited)
        for decision in procedure.decisions
        if decision.key in now
    ]


def decision_href(opened: OpenedCase, key: str) -> str:
    values: dict[str, Any] = {"reference": opened.reference, "key": key}
    return url_for("steps.decide", **values)
