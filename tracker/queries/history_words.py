"""How a case history puts answers, effects and the state of a deadline, the same in every format."""

from collections.abc import Mapping, Sequence
from datetime import date

from tracker.procedures.calendars import spelled
from tracker.procedures.clocks import Extension
from tracker.procedures.reckoning import CANCELLED, LAPSED, MET, MET_LATE, OVERDUE, Deadline
from tracker.procedures.state import Happened, HoldSpan
from tracker.procedures.vocabulary import Procedure, Question, Step

HOLDERS = {
    "officer": "development officer",
    "chair": "panel chair",
    "officer / chair": "development officer or panel chair",
}
MET_WORDS = {"met": "Met", "not_met": "Not met", "unclear": "Unclear"}


def holder_in_words(holder: str) -> str:
    """Who holds a case or owns a deadline; an agency by its name."""
    return HOLDERS.get(holder, holder)


def quantity(number: int, noun: str) -> str:
    """1 day, 2 days"""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def plain(key: str) -> str:
    """A key as words: "age_band" is "Age band"."""
    words = key.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def answers_in_words(procedure: Procedure, step: Step, answers: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was asked and what was answered: in the order of the questions, then whatever else was recorded."""
    questions = {question.key: question for question in step.questions}
    asked = [key for key in questions if key in answers]
    pairs = []
    for key in (*asked, *(key for key in answers if key not in questions)):
        question = questions.get(key)
        label = question.label if question else plain(key)
        pairs.append((label, answer_in_words(procedure, key, question, answers[key])))
    return pairs


def answer_in_words(procedure: Procedure, key: str, question: Question | None, answer: str) -> str:
    """An answer as a reader sees it: labels for keys, days in words, anything else as it was typed."""
    if key == "deadline" and (rule := procedure.deadline(answer)):
        return rule.label
    if key == "replaces" and (replaced := procedure.step(answer)):
        return replaced.label
    if question is None:
        return answer
    if question.kind == "date":
        return day_or_text(answer)
    if question.kind == "choices":
        return ", ".join(question.shown(part) for part in answer.split(", "))
    return question.shown(answer)


def day_or_text(text: str) -> str:
    try:
        return spelled(date.fromisoformat(text))
    except ValueError:
        return text


def death_in_words(death: Mapping[str, str]) -> str:
    """When somebody died, as far as it is known, and what else was recorded: "January 2025, age band: 35-44"."""
    when = part_day(death["on"]) if death.get("on") else "Date not recorded"
    rest = [f"{plain(key).lower()}: {text}" for key, text in death.items() if key != "on"]
    return ", ".join([when, *rest])


def part_day(text: str) -> str:
    """A day, a month or a year: 2025-01 is January 2025."""
    year, _, rest = text.partition("-")
    if len(rest) == len("01"):
        return f"{date(int(year), int(rest), 1):%B} {year}"
    return day_or_text(text)


def deadline_title(deadline: Deadline) -> str:
    """Its label; whose it is, and which running of it, where there are several."""
    whose = f", {deadline.subject}" if deadline.subject else ""
    again = f" ({deadline.occurrence})" if deadline.occurrence > 1 else ""
    return f"{deadline.title}{whose}{again}"


def standing(deadline: Deadline, today: date) -> str:
    """How it stands: "Met, 3 days early", "12 days overdue", "Open, due in 5 days"."""
    if deadline.not_recorded:
        return "Not recorded"
    if deadline.status in (MET, MET_LATE) and deadline.met_on:
        return met_in_words(deadline.due, deadline.met_on)
    if deadline.status == CANCELLED:
        return "No longer applies"
    if deadline.status == LAPSED:
        return "Lapsed"
    if deadline.due is None:
        return f"Open for {quantity((today - deadline.started_on).days, 'day')}, no date set"
    if deadline.status == OVERDUE:
        return f"{quantity((today - deadline.due).days, 'day')} overdue"
    left = (deadline.due - today).days
    if left < 0:
        return "Open: not overdue while on hold"
    return f"Open, due in {quantity(left, 'day')}" if left else "Open, due today"


def met_in_words(due: date | None, met_on: date) -> str:
    if due is None:
        return "Met"
    early = (due - met_on).days
    if early < 0:
        return f"Met {quantity(-early, 'day')} late"
    return f"Met, {quantity(early, 'day')} early" if early else "Met on the day"


def effects_in_words(
    procedure: Procedure,
    past: Happened,
    started: Sequence[Deadline],
    met: Sequence[Deadline],
    extended: Sequence[tuple[Deadline, Extension]],
) -> list[str]:
    """What an event did: the stage it moved the case to, what it started, met and moved."""
    words = []
    if past.stage_after != past.stage_before:
        words.append(f"Moves the case to {procedure.stage(past.stage_after).label}")
    for deadline in met:
        how = met_in_words(deadline.due, past.event.on).removeprefix("Met").removeprefix(",").strip()
        words.append(f"Meets “{deadline_title(deadline)}”" + (f", {how}" if how else ""))
    for deadline in started:
        due = f"due {spelled(deadline.original_due)}" if deadline.original_due else "with no due date"
        words.append(f"Starts “{deadline_title(deadline)}”, {due}")
    for deadline, extension in extended:
        old = f"from {spelled(extension.old_due)} " if extension.old_due else ""
        words.append(f"Moves “{deadline_title(deadline)}” {old}to {spelled(extension.new_due)}")
    if past.chased:
        words.append("Chases what was asked before, and starts nothing")
    return words


def hold_in_words(procedure: Procedure, hold: HoldSpan) -> str:
    """Why a case was on hold, and who held it meanwhile."""
    step = procedure.step("hold_started")
    question = step.question("reason") if step else None
    reason = question.shown(hold.reason) if question else hold.reason
    return f"{reason or 'No reason given'}{f', held by {hold.holder}' if hold.holder else ''}"
