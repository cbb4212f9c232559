"""The first line of an overview: where the case stands, as a sentence."""

from collections.abc import Iterator
from datetime import date

from tracker.procedures.periods import AsSoonAsPracticable
from tracker.procedures.reckoning import OPEN, OVERDUE, Deadline, Reckoning
from tracker.procedures.vocabulary import uncapitalised
from tracker.web.case_words import capitalised, count_of, lasting, listed, number_word, reason_words, subject_word
from tracker.web.filters import day
from tracker.web.journey_rows import moves_on


def headline(reckoning: Reckoning) -> str:
    """In review: the report is due on 20 November 2025, and one agency has not replied"""
    if reckoning.is_closed:
        return closed(reckoning)
    if reckoning.ready_to_close:
        return "Ready to close: nothing is open and nothing is due"
    said = [*main_clause(reckoning), *late_clauses(reckoning)]
    words = listed(said) if len(said) > 2 else ", and ".join(said)  # noqa: PLR2004 (two clauses want a comma)
    return f"{opening(reckoning)}: {words or 'nothing has a date'}"


def closed(reckoning: Reckoning) -> str:
    """When it was closed, by what, and how long the applicant has."""
    last = next(
        past for past in reversed(reckoning.history) if past.stage_after == reckoning.stage != past.stage_before
    )
    words = f"Closed on {unbroken(last.event.on)}"
    if last.step.key != reckoning.stage:
        words += f": {last.step.phrase}"
    window = next((deadline for deadline in reckoning.open_deadlines if deadline.window and deadline.due), None)
    return f"{words}. {capitalised(window_words(window))}" if window else words


def opening(reckoning: Reckoning) -> str:
    if not reckoning.on_hold:
        stage = reckoning.procedure.stage(reckoning.stage)
        return stage.lead_in or stage.label
    holds = [hold for hold in reckoning.holds if hold.until is None]
    reasons = listed([reason_words(hold.reason) for hold in holds if hold.reason])
    return f"On hold since {unbroken(holds[0].since)}{f', {reasons}' if reasons else ''}"


def main_clause(reckoning: Reckoning) -> Iterator[str]:
    """What the stage waits for: the deadline that ends it, else the one due next, else what others must send."""
    procedure = reckoning.procedure
    running = [deadline for deadline in reckoning.open_deadlines if not deadline.window]
    own = [deadline for deadline in running if not deadline.subject]
    rules = {deadline.key: procedure.deadline(deadline.key) for deadline in own}
    ends = [each for each in own if (rule := rules[each.key]) and moves_on(procedure, rule, reckoning.stage)]
    main = next(iter(ends or own), None)
    if main:
        yield clause(main, reckoning)
    elif running:
        yield awaited([each for each in running if each.key == running[0].key], reckoning)
    elif window := next((each for each in reckoning.open_deadlines if each.due), None):
        yield window_words(window)


def clause(deadline: Deadline, reckoning: Reckoning) -> str:
    subject, today = deadline.name.subject, reckoning.today
    if deadline.due is None:
        rule = reckoning.procedure.deadline(deadline.key)
        if rule and isinstance(rule.period, AsSoonAsPracticable):
            return f"{subject} is due as soon as practicable"
        return f"{subject} has been awaited for {lasting((today - deadline.started_on).days)}"
    if deadline.due == today:
        return f"{subject} is due today"
    if deadline.due > today:
        return f"{subject} is due on {unbroken(deadline.due)}"
    if deadline.status == OPEN:
        return f"{subject} was due on {unbroken(deadline.due)}, and waits for the hold to end"
    return f"{subject} was due on {unbroken(deadline.due)}"


def awaited(same: list[Deadline], reckoning: Reckoning) -> str:
    """Two review partners have not notified; the first notice was due on 6 October 2026"""
    first = same[0]
    noun = subject_word(reckoning.procedure, first.key)
    have = "has" if len(same) == 1 else "have"
    words = f"{count_of(len(same), noun)} {have} {first.name.missing or 'not answered'}"
    if first.due is None:
        return words
    verb = "was" if first.due < reckoning.today else "is"
    what = f"{'the' if len(same) == 1 else 'the first'} {uncapitalised(first.name.mark)}"
    return f"{words}; {what} {verb} due on {unbroken(first.due)}"


def late_clauses(reckoning: Reckoning) -> Iterator[str]:
    """Whoever else is late."""
    running = [deadline for deadline in reckoning.open_deadlines if not deadline.window]
    own = [deadline for deadline in running if not deadline.subject]
    late = [deadline for deadline in running if deadline.status == OVERDUE]
    for key in dict.fromkeys(deadline.key for deadline in late if deadline.subject):
        same = [deadline for deadline in late if deadline.key == key]
        if own:  # else they are the main thing
            have = "has" if len(same) == 1 else "have"
            missing = same[0].name.missing or "not answered"
            yield f"{count_of(len(same), subject_word(reckoning.procedure, key))} {have} {missing}"
    told = next(iter(main_clause(reckoning)), "")
    others = [each for each in late if not each.subject and clause(each, reckoning) != told]
    if others:
        yield f"{number_word(len(others))} other {'deadline is' if len(others) == 1 else 'deadlines are'} overdue"


def unbroken(on: date) -> str:
    """A day that stays on one line."""
    return day(on).replace(" ", "\N{NO-BREAK SPACE}")


def window_words(window: Deadline) -> str:
    return f"{window.name.subject} ends on {unbroken(window.due or window.started_on)}"
