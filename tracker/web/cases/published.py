"""What is published of a case, where and until when; what is done of the list before it; what holds it up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import url_for

from tracker.procedures.state import Happened
from tracker.procedures.vocabulary import Publication
from tracker.queries.history_words import answers_in_words
from tracker.web.case_words import capitalised, reason_words
from tracker.web.cases.opened import OpenedCase
from tracker.web.filters import day


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the checklist. `href`: where this person may record it now."""

    words: str
    on: date | None
    is_passed: bool
    href: str


class Published:
    """The publication of a case."""

    def __init__(self, opened: OpenedCase, rules: Publication) -> None:
        self.opened, self.rules = opened, rules
        self.last: dict[str, Happened] = {past.step.key: past for past in opened.reckoning.history}

    @property
    def finding(self) -> str:
        """The page in a sentence."""
        published, withheld, removed = self.event(self.rules.published), self.event(self.rules.withheld), self.removed
        if removed and published and removed >= published.event.on:
            return f"Removed from the site on {day(removed)}"
        if published and not (withheld and withheld.event.on > published.event.on):
            return f"Published on {day(published.event.on)}"
        return f"Publication withheld on {day(withheld.event.on)}" if withheld else "Not published"

    def event(self, key: str) -> Happened | None:
        return self.last.get(key)

    @property
    def removed(self) -> date | None:
        past = self.event(self.rules.removed)
        return past.event.on if past else None

    @property
    def link(self) -> str:
        past = self.event(self.rules.published)
        return past.answers.get(self.rules.link, "") if past else ""

    @property
    def form(self) -> str:
        past = self.event(self.rules.published)
        question = past.step.question(self.rules.form) if past else None
        return question.shown(past.answers.get(self.rules.form, "")) if past and question else ""

    @property
    def withholding(self) -> list[tuple[str, str]]:
        """What was said of the last withholding, question by question."""
        past = self.event(self.rules.withheld)
        return answers_in_words(self.opened.reckoning.procedure, past.step, past.event.answers) if past else []

    @property
    def holds(self) -> list[tuple[str, str]]:
        """The reason of each hold, and when it was."""
        return [
            (
                capitalised(reason_words(hold.reason)) or "Not recorded",
                f"since {day(hold.since)}" if hold.until is None else f"{day(hold.since)} to {day(hold.until)}",
            )
            for hold in self.opened.reckoning.holds
        ]

    def checklist(self) -> Iterator[Item]:
        """Each step of the list, in its order. `is_passed`: a later one is done, so this one is not recorded."""
        now = self.opened.steps_now
        done = [place for place, key in enumerate(self.rules.checklist) if key in self.last]
        for place, key in enumerate(self.rules.checklist):
            step, past = self.opened.reckoning.procedure.known_step(key), self.last.get(key)
            href = url_for("steps.record", reference=self.opened.reference, key=key) if not past and key in now else ""
            yield Item(step.label, past.event.on if past else None, place < max(done, default=-1), href)
