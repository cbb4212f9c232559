"""The words for how a referral is asked: one thing a page."""

from dataclasses import dataclass
from enum import StrEnum


class Asks(StrEnum):
    """What a page asks for."""

    QUESTIONS = "questions"  # of a step
    AGENCIES = "agencies"  # those of the partnership, as the text of one question
    DEATH = "death"  # when somebody died, as exactly as it is known, and how old they were
    CRITERIA = "criteria"  # each a page
    EXCLUSIONS = "exclusions"  # the criteria that rule the review out, together
    SUBJECTS = "subjects"  # each a page: its name here, and the day of the step for it
    THEMES = "themes"
    COMPLAINTS = "complaints"  # one after the other
    EDITION = "edition"  # which, near the day on which a new one begins


@dataclass(frozen=True, slots=True)
class ReferralPage:
    """A page that logs a part of a referral.

    `title`: what the page is called, and its heading unless it asks one thing only. `step`: whose `questions` (by key)
    it asks, and what is recorded beside the opening step once they are answered; empty for the opening step itself.
    `dated`: the day of the opening step is asked too. `about`: the criteria or the subject of the page.
    """

    key: str
    title: str
    asks: Asks = Asks.QUESTIONS
    questions: tuple[str, ...] = ()
    step: str = ""
    dated: bool = False
    about: tuple[str, ...] = ()
    hint: str = ""
