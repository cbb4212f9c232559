"""Each deadline of a case with how its date was worked out, in the words of a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from markupsafe import Markup, escape

from tracker.procedures.calendars import ENGLAND_AND_WALES
from tracker.procedures.clocks import Extension
from tracker.procedures.periods import WorkingDays
from tracker.procedures.reckoning import Deadline
from tracker.procedures.state import HoldSpan
from tracker.procedures.vocabulary import CLOSED, DeadlineRule, Effect, Source, uncapitalised
from tracker.web.case_words import holder_words, lasting, listed, reason_words, span, title_of
from tracker.web.cases.opened import OpenedCase, standing
from tracker.web.filters import day, short_day, weekday_day

TIMES = {1: "once", 2: "twice"}


@dataclass(frozen=True, slots=True)
class Worked:
    """An open deadline. `key` is unique on the page."""

    key: str
    title: str
    due: str
    short_due: str
    gist: str
    kind: str
    words: str
    source: Source
    before_source: tuple[tuple[str, str], ...]
    after_source: tuple[tuple[str, str | Markup], ...]
    notes: tuple[str, ...]
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class NotStarted:
    title: str
    starts_when: str
    rule: str
    source: Source


@dataclass(frozen=True, slots=True)
class Past:
    """One that was met, was cancelled or lapsed."""

    title: str
    due: str
    ended: str
    kind: str
    words: str
    reason: str
    source: Source
    rule: str


def anchor(deadline: Deadline, opened: OpenedCase) -> str:
    """Where the page of deadlines shows this one."""
    place = opened.reckoning.deadlines.index(deadline) + 1
    return f"{deadline.key}-{place}".replace("_", "-")


def worked(deadline: Deadline, opened: OpenedCase) -> Worked:
    kind, words = standing(deadline, opened.today)
    return Worked(
        key=anchor(deadline, opened),
        title=title_of(deadline),
        due=day(deadline.due) if deadline.due else "No date set",
        short_due=short_day(deadline.due) if deadline.due else "No date",
        gist=gist(deadline),
        kind=kind,
        words=words,
        source=deadline.source,
        before_source=(
            ("Held by", held_by(deadline, opened)),
            ("Started by", started_by(deadline, opened)),
            ("Rule", rule_in_words(deadline, opened.today)),
        ),
        after_source=(
            ("Pauses", pauses(deadline, opened)),
            ("Extensions", extensions(deadline, opened)),
            ("So it is due", so_due(deadline)),
        ),
        notes=tuple(notes(deadline)),
        links=tuple(links(deadline, opened)),
    )


def gist(deadline: Deadline) -> str:
    """Whose it is, the rule, and what moved it: one line."""
    authority = {"statute": "Statute", "guidance": "Guidance", "local": "Local procedure"}.get(deadline.authority, "")
    words = f"{holder_words(deadline.owner)}. {authority}{': ' if authority else ''}{deadline.period}"
    if deadline.extensions and deadline.original_due:
        words += f", extended from {day(deadline.original_due)}"
    if deadline.last_working_day:
        last = deadline.last_working_day
        words += f". A {deadline.due:%A}: last working day is {last:%A} {last.day} {last:%B}"
    return sentence(words)


def held_by(deadline: Deadline, opened: OpenedCase) -> str:
    named = opened.holder(deadline.owner)
    words = f"{holder_words(deadline.owner)}: {named}" if named else holder_words(deadline.owner)
    if deadline.subject:
        words += f", for {lasting((opened.today - deadline.started_on).days)}"
    if deadline.chases:
        words += f". Chased on {listed([day(chase) for chase in deadline.chases])}."
    return words


def started_by(deadline: Deadline, opened: OpenedCase) -> str:
    past = next(past for past in opened.reckoning.history if past.event.number == deadline.start_number)
    words = f"{deadline.started_by}{f': {deadline.subject}' if deadline.subject else ''}, {weekday_day(past.event.on)}"
    if deadline.started_on != past.event.on:
        words += f", for {weekday_day(deadline.started_on)}"
    return words


def rule_in_words(deadline: Deadline, today: date) -> str:
    """The length, how it is counted, and what it came to before any extension."""
    words = sentence(deadline.period)
    if deadline.counted:
        words += f" {sentence(deadline.counted)}"
    if skipped := skipped_holidays(deadline, today):
        noun = "One bank holiday" if len(skipped) == 1 else f"{len(skipped)} bank holidays"
        words += f" {noun} fell in between: {listed([f'{on:%A} {on.day} {on:%B}' for on in skipped])}."
    if deadline.extensions and deadline.original_due:
        words += f" That gave {weekday_day(deadline.original_due)}."
    return words


def skipped_holidays(deadline: Deadline, today: date) -> list[date]:
    """The bank holidays that a count of working days stepped over."""
    if deadline.original_due is None or "working day" not in deadline.period:
        return []
    first, last = sorted((deadline.started_on, deadline.original_due))
    known = ENGLAND_AND_WALES.as_known_on(deadline.met_on or deadline.ended_on or today)
    return [holiday.on for holiday in known.holidays_between(first, last)]


def pauses(deadline: Deadline, opened: OpenedCase) -> str:
    said = [pause_words(hold) for hold in opened.reckoning.holds if hold_overlaps(hold, deadline)]
    if not said:
        return "None"
    rule = opened.reckoning.procedure.deadline(deadline.key)
    moves = "It is not overdue during a hold." if rule and rule.held else "A hold does not move this date."
    return f"{' '.join(said)} {moves}"


def pause_words(hold: HoldSpan) -> str:
    when = f"from {span(hold.since, hold.until)}" if hold.until else f"since {day(hold.since)}"
    return f"On hold {when}{f': {reason_words(hold.reason)}' if hold.reason else ''}."


def hold_overlaps(hold: HoldSpan, deadline: Deadline) -> bool:
    ended = deadline.met_on or deadline.ended_on
    return (hold.until is None or hold.until > deadline.started_on) and (ended is None or hold.since <= ended)


def extensions(deadline: Deadline, opened: OpenedCase) -> str | Markup:
    if not deadline.extensions:
        rule = opened.reckoning.procedure.deadline(deadline.key)
        if not deadline.extendable:
            return "It cannot be extended." if deadline.due else "There is no date to extend."
        return f"None. {rule.extension_note}" if rule and rule.extension_note else "None"
    return Markup(" ").join(extension_words(extension) for extension in deadline.extensions)


def extension_words(extension: Extension) -> Markup:
    answers = extension.event.answers
    old = Markup("From <s>{}</s> ").format(day(extension.old_due)) if extension.old_due else Markup("")
    words = Markup("{}to {}.").format(old, day(extension.new_due))
    if reason := answers.get("reason"):
        words += Markup(" Reason: {}").format(sentence(reason, capital=False))
    agreed = f" Agreed by {answers['agreed_by']}" if answers.get("agreed_by") else " Recorded"
    return words + escape(f"{agreed} on {day(extension.event.on)}.")


def so_due(deadline: Deadline) -> str | Markup:
    if deadline.due is None:
        reminder = f" A reminder follows on {day(deadline.nudge_on)}." if deadline.nudge_on else ""
        return f"No date is set: its age is shown instead.{reminder}"
    later = ""
    if deadline.original_due and deadline.due > deadline.original_due:
        later = f", {lasting((deadline.due - deadline.original_due).days)} after the first date"
    return Markup("<b>{}</b>{}").format(weekday_day(deadline.due), later)


def notes(deadline: Deadline) -> Iterator[str]:
    if deadline.due and deadline.last_working_day:
        last = deadline.last_working_day
        weekend = f"A {deadline.due:%A}" if deadline.due.isoweekday() > 5 else "A bank holiday"  # noqa: PLR2004
        yield f"{weekend}, and it stays there. Last working day: {last:%A} {last.day} {last:%B}."
    if deadline.extensions and deadline.original_due:
        often = TIMES.get(len(deadline.extensions), f"{len(deadline.extensions)} times")
        yield f"Extended {often}, from {day(deadline.original_due)}"


def links(deadline: Deadline, opened: OpenedCase) -> Iterator[tuple[str, str]]:
    """What this person may do about it here."""
    now = opened.steps_now
    subject: dict[str, Any] = {"subject": deadline.subject} if deadline.subject else {}
    extend = next((step for step in now.values() if step.effect is Effect.EXTENDED), None)
    if extend and deadline.extendable and deadline.due:
        about: dict[str, Any] = {"deadline": deadline.key, **subject}
        yield "Extend", url_for("steps.record", reference=opened.reference, key=extend.key, **about)
    meeting = next((now[key] for key in opened.meets(deadline) if key in now), None)
    if meeting:
        words = "Record as met" if not deadline.window else meeting.label
        yield words, url_for("steps.record", reference=opened.reference, key=meeting.key, **subject)
    if deadline.due:
        key, _, position = anchor(deadline, opened).rpartition("-")
        yield "Add to calendar", url_for("calendar.deadline", reference=opened.reference, key=key, position=position)


# -- Those that run no more, and those that do not run yet ------------------------------------------------------------


def past_deadlines(opened: OpenedCase) -> list[Past]:
    """What was met, cancelled or lapsed, in the order in which it ended."""
    ended = [deadline for deadline in opened.reckoning.deadlines if not deadline.is_open]

    def end(deadline: Deadline) -> date:
        return deadline.met_on or deadline.ended_on or deadline.due or deadline.started_on

    return [past(deadline, opened) for deadline in sorted(ended, key=end)]


def past(deadline: Deadline, opened: OpenedCase) -> Past:
    kind, words = standing(deadline, opened.today)
    return Past(
        title=title_of(deadline),
        due=short_day(deadline.due) if deadline.due else "No date set",
        ended=short_day(deadline.met_on) if deadline.met_on else "",
        kind=kind,
        words=words,
        reason=sentence(deadline.reason) if deadline.reason and not deadline.not_recorded else "",
        source=deadline.source,
        rule=past_rule(deadline),
    )


def past_rule(deadline: Deadline) -> str:
    """1 month from “notification received” on 31 January 2025"""
    step = f"“{uncapitalised(deadline.started_by)}”"
    words = f"{sentence(deadline.period)[:-1]} from {step} on {day(deadline.started_on)}"
    if not deadline.due:
        words = f"{sentence(deadline.period)[:-1]}, from {step} on {day(deadline.started_on)}"
    if deadline.extensions and deadline.original_due:
        words += f"; extended from {day(deadline.original_due)}"
    return words


def not_started(opened: OpenedCase) -> list[NotStarted]:
    """The rules whose clock has not run on this case and may yet."""
    reckoning = opened.reckoning
    if reckoning.is_closed:
        return []
    run = {deadline.key for deadline in reckoning.deadlines}
    found = []
    for stated in reckoning.procedure.deadlines:
        if stated.key in run or stated.of_partnership:
            continue
        rule = opened.settings.rule_on(stated, opened.today)
        if starts := list(coming_starts(rule, opened)):
            found.append(NotStarted(rule.label, " or ".join(starts), rule_words(rule), rule.source))
    return found


def coming_starts(rule: DeadlineRule, opened: OpenedCase) -> Iterator[str]:
    """The steps that start it and can still be recorded: now, or at a stage that is still ahead."""
    procedure = opened.reckoning.procedure
    order = [stage.key for stage in procedure.stages]
    here = order.index(opened.reckoning.stage)
    to_come = {opened.reckoning.stage, *(stage.key for stage in procedure.stages[here:] if stage.drawn)}
    labels = []
    for trigger in (*rule.starts, *rule.restarts):
        step = procedure.step(trigger.step)
        where = {trigger.in_stage} if trigger.in_stage else {at.stage for at in step.at} if step else set()
        if step and not (step.opens or step.once) and where & (to_come - {CLOSED}):
            labels.append(f"“{step.label}”")
    yield from dict.fromkeys(labels)


def rule_words(rule: DeadlineRule) -> str:
    words = sentence(rule.period.words())
    return f"{words} {sentence(rule.period.explained)}" if isinstance(rule.period, WorkingDays) else words


def sentence(words: str, *, capital: bool = True) -> str:
    first = words[:1].upper() if capital else words[:1]
    return f"{first}{words[1:]}{'' if words.endswith(('.', '?', '!')) else '.'}"
