"""A referral in words, page by page, and what logging it would start."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.errors import Refused
from tracker.models.cases import Case, Deadline
from tracker.procedures import PROCEDURES
from tracker.procedures.reckoning import Reckoning
from tracker.procedures.referral_pages import Asks, ReferralPage
from tracker.procedures.referrals import agencies_text, criteria_of
from tracker.queries.effects import referral_reckoned
from tracker.queries.history_words import part_day
from tracker.web.cases.tested import Tested
from tracker.web.filters import day, quantity
from tracker.web.referrals.forms import AGES, EXCLUDED, MET, NOT_YET
from tracker.web.referrals.journey import Journey


@dataclass(frozen=True, slots=True)
class Line:
    """A question and its answer; `change`: the address where it was asked, if it was."""

    question: str
    answer: str
    change: str = ""


class Summary:
    """What is to be checked. `reckoned`: how the case would stand, None where that is `refused`."""

    def __init__(self, journey: Journey) -> None:
        self.journey = journey
        self.reckoned: Reckoning | None = None
        self.refused: Refused | None = None
        try:
            self.reckoned = reckoned(journey)
        except Refused as refusal:
            self.refused = refusal

    @property
    def tested(self) -> Tested | None:
        """The complaints and both tests, where the procedure has such."""
        if self.reckoned is None or self.reckoned.threshold is None:
            return None
        return Tested(self.journey.referral.complaints, self.reckoned.threshold)

    def lines(self) -> list[Line]:
        """Every question that was answered, and every page that was left for later."""
        found = [Line("Partnership", self.journey.draft.partnership.name)]
        for page in self.journey.pages:
            told = answers_in_words(self.journey, page) or [(page.title, NOT_YET)]
            change = self.journey.address(page.key, changing=True)
            found += [Line(*pair, change) for pair in told]
        return found


def begun(case: Case) -> list[tuple[str, Deadline]]:
    """The deadlines that the referral has started, each with its title, the earliest due first."""
    deadlines = sorted(case.deadlines, key=lambda row: (row.due_on is None, row.due_on or row.started_on, row.position))
    labels = [case.procedure.known_deadline(row.key).label for row in deadlines]
    return [
        (f"{label}: {row.subject}" if row.subject else label, row) for label, row in zip(labels, deadlines, strict=True)
    ]


def reckoned(journey: Journey) -> Reckoning:
    return referral_reckoned(journey.draft.partnership, journey.procedure, journey.referral)


def answers_in_words(journey: Journey, page: ReferralPage) -> list[tuple[str, str]]:
    """Each question of a page that was answered, with its answer."""
    procedure, given = journey.procedure, journey.draft.answers.get(page.key, {})
    step = procedure.known_step(page.step) if page.step else procedure.opening
    match page.asks:
        case Asks.COMPLAINTS:
            return [("Complaints", quantity(len(given.get("rows", ())), "complaint"))] if given.get("rows") else []
        case Asks.AGENCIES:
            return [(q.label, agencies_text(given)) for q in step.questions if q.key in page.questions and given]
        case Asks.DEATH:
            return death_in_words(given)
        case Asks.CRITERIA | Asks.EXCLUSIONS:
            return criteria_in_words(journey, page, given)
        case Asks.SUBJECTS:
            aware = f"{given['name']}, aware" if given.get("name") else "Aware"
            return [(page.title, f"{aware} since {day(date.fromisoformat(given['on']))}")] if given else []
        case Asks.THEMES:
            themes = dict(procedure.themes)
            return [("The behaviour", ", ".join(themes[theme] for theme in given["themes"]))] if given else []
        case Asks.EDITION:
            return [("The law", PROCEDURES[given["edition"]].title)] if given else []
    when = [(step.when, day(date.fromisoformat(given["on"])))] if page.dated and given else []
    asked = [question for question in step.questions if question.key in page.questions]
    return when + [(each.label, each.shown(given[each.key])) for each in asked if given.get(each.key)]


def death_in_words(given: Mapping[str, Any]) -> list[tuple[str, str]]:
    when = [("When did the person die?", part_day(given["on"]))] if given.get("on") else []
    band = given.get("age_band")
    return when + ([("How old was the person?", dict(AGES)[band])] if band else [])


def criteria_in_words(journey: Journey, page: ReferralPage, given: Mapping[str, Any]) -> list[tuple[str, str]]:
    told = []
    for criterion in criteria_of(journey.procedure, page):
        if met := given.get(f"met_{criterion.key}"):
            words = dict(EXCLUDED if criterion.excludes else MET)[met]
            evidence = given.get(f"evidence_{criterion.key}")
            told.append((criterion.question or criterion.label, f"{words}. {evidence}" if evidence else words))
    return told
