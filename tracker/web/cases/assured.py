"""The rounds of quality assurance of a report: when it was sent, the answer, how each point was disposed of."""

import re
from dataclasses import dataclass
from datetime import date

from tracker.procedures.reckoning import Reckoning
from tracker.procedures.vocabulary import Assurance

NUMBER = re.compile(r"^\s*(\d+)\s*[.):]\s*")


@dataclass(slots=True)
class Round:
    """One round. What history brought in may lack any of it."""

    sent: date | None = None
    answered: date | None = None
    disposed: date | None = None
    outcome: str = ""
    said: str = ""
    disposal: str = ""

    @property
    def points(self) -> list[tuple[str, str]]:
        """Each point of the letter with how it was disposed of: by their numbers, else by their order."""
        made, done = listed(self.said), listed(self.disposal)
        return [(words, done.get(number, "")) for number, words in made.items()]

    @property
    def unmatched(self) -> list[str]:
        """What was disposed of under a number that the letter does not have."""
        made = listed(self.said)
        return [words for number, words in listed(self.disposal).items() if number not in made]


def listed(text: str) -> dict[int, str]:
    """The lines of a text by their number. A line without one goes on with the line before, if that has one."""
    found: dict[int, str] = {}
    is_numbered = False
    for line in filter(None, (line.strip() for line in text.splitlines())):
        number = NUMBER.match(line)
        if number:
            found[int(number[1])], is_numbered = line[number.end() :], True
        elif is_numbered:
            found[max(found)] += f" {line}"
        else:
            found[len(found) + 1] = line
    return found


def rounds(reckoning: Reckoning, assurance: Assurance) -> list[Round]:
    """Every round, the first one first."""
    found: list[Round] = []
    for past in reckoning.history:
        key, on, answers = past.step.key, past.event.on, past.answers
        if key == assurance.sent:
            found.append(Round(sent=on))
        elif key == assurance.answered:
            if not found or found[-1].answered:
                found.append(Round())
            question = past.step.question(assurance.outcome)
            outcome = answers.get(assurance.outcome, "")
            found[-1].answered = on
            found[-1].outcome = question.shown(outcome) if question else outcome
            found[-1].said = answers.get(assurance.points, "")
        elif key == assurance.disposed:
            if not found:
                found.append(Round())
            found[-1].disposed, found[-1].disposal = on, answers.get(assurance.disposal, "")
    return found
