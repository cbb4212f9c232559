"""How a due date was worked out, in sentences that anybody can check."""

from collections.abc import Iterable
from datetime import date

from tracker.procedures.calendars import Calendar, spelled
from tracker.procedures.clocks import Clock
from tracker.procedures.state import HoldSpan


def working(
    clock: Clock, calendar: Calendar, holds: Iterable[HoldSpan], status: str, reason: str, hint: date | None
) -> tuple[str, ...]:
    """The event and its date, the rule, each pause, each extension, and so the due date and how it ended."""
    lines = [started(clock), counted(clock, calendar)]
    lines += [paused(clock, hold) for hold in holds if overlaps(clock, hold)]
    lines += [
        f"Extended on {spelled(extension.event.on)}: "
        + (f"from {spelled(extension.old_due)} " if extension.old_due else "")
        + f"to {spelled(extension.new_due)}"
        + said(": {}", extension.event.answers.get("reason"))
        + said("; agreed by {}", extension.event.answers.get("agreed_by"))
        for extension in clock.extensions
    ]
    if clock.chases:
        lines.append("Chased on " + ", ".join(spelled(day) for day in clock.chases))
    due = clock.due(calendar)
    if hint and due:
        lines.append(f"{due:%A}: the date stays; last working day before it {hint:%A} {spelled(hint)}")
    if clock.met_on:
        lines.append(f"{spelled(clock.met_on)}: met" + (", late" if status == "met_late" else ""))
    elif status == "cancelled":
        lines.append(f"No longer applies: {reason}")
    elif status == "lapsed":
        lines.append("Lapsed the day after")
    return tuple(lines)


def started(clock: Clock) -> str:
    subject = f", {clock.subject}" if clock.subject else ""
    words = f"{spelled(clock.start.on)}: {clock.start_step.phrase}{subject}"
    if clock.started_on != clock.start.on:
        words += f", for {spelled(clock.started_on)}"
    return words


def counted(clock: Clock, calendar: Calendar) -> str:
    due = clock.original_due(calendar)
    if clock.rule.due_answer and clock.start_answers.get(clock.rule.due_answer) and due:
        return f"The date set then: {spelled(due)}"
    period = clock.rule.period
    words = f"{period.words()[:1].upper()}{period.words()[1:]}"
    if due is None:
        return f"{words}: there is no due date"
    how = f" ({period.explained})" if period.explained else ""
    return f"{words}{how}: {spelled(due)}"


def overlaps(clock: Clock, hold: HoldSpan) -> bool:
    ended = clock.met_on or clock.ended_on or clock.closed_on
    return (hold.until is None or hold.until > clock.started_on) and (ended is None or hold.since <= ended)


def paused(clock: Clock, hold: HoldSpan) -> str:
    until = f"to {spelled(hold.until)}" if hold.until else "and still is"
    reason = f": {hold.reason.replace('_', ' ')}" if hold.reason else ""
    moves = "it is not overdue while held" if clock.rule.held else "a hold does not move this date"
    return f"On hold from {spelled(hold.since)} {until}{reason}; {moves}"


def said(words: str, answer: str | None) -> str:
    return words.format(answer) if answer else ""
