"""What a procedure does not allow next, why, and what may be done instead."""

from collections.abc import Mapping
from datetime import date

from tracker.procedures.calendars import spelled
from tracker.procedures.common_steps import reason_key
from tracker.procedures.facts import Event, NotAllowed
from tracker.procedures.state import CaseState
from tracker.procedures.vocabulary import Effect, Step


def refusal(case: CaseState, event: Event) -> NotAllowed | None:
    """Why this event cannot come next, or None."""
    step = case.procedure.step(event.step)
    if step is None:
        return NotAllowed(f"{case.procedure.title} has no step “{event.step}”", number=event.number, field="step")
    why, field_name = refused(case, step, event.on, event)
    return NotAllowed(why, number=event.number, field=field_name) if why else None


def refused(case: CaseState, step: Step, on: date, event: Event | None = None) -> tuple[str, str]:
    """Why a step may not be recorded for that day, and the field at fault; empty when it may.

    Without an event: whether there is any subject or answer with which it may.
    """
    if not case.history:
        return refused_first(case, step)
    if step.opens or (step.once and case.happened(step.key)):
        return f"“{step.label}” is already recorded", "step"
    if not any(case.stands_at(at) for at in step.at):
        return not_now(case, step, event), "on"
    if step.needs and not any(case.happened(key) for key in step.needs):
        return f"“{step.label}” comes after {case.labels(step.needs)}", "on"
    if step.reply_to:
        return refused_reply(case, step, event)
    return refused_effect(case, step, on, event)


def refused_first(case: CaseState, step: Step) -> tuple[str, str]:
    if step.opens:
        return "", ""
    opening = case.procedure.opening
    begun = next((event.on for event in case.to_come if event.step == opening.key), None)
    if begun:
        return f"The date must be {spelled(begun)} or later: that is when the case began", "on"
    return f"The first step of a case is “{opening.label}”", "on"


def not_now(case: CaseState, step: Step, event: Event | None) -> str:
    if event is None:
        return f"“{step.label}” cannot be recorded now"
    instead = ", ".join(case.procedure.steps[place].phrase for place in open_places(case)[:4])
    stage = case.procedure.stage(case.stage).label
    return f"“{step.label}” cannot be recorded at the stage {stage} on {spelled(event.on)}. You may record: {instead}"


def open_places(case: CaseState) -> list[int]:
    return [
        place
        for place, step in enumerate(case.procedure.steps)
        if any(case.stands_at(at) for at in step.at)
        and not step.opens
        and step.effect is Effect.NONE
        and (not step.needs or any(case.happened(key) for key in step.needs))
    ]


def refused_reply(case: CaseState, step: Step, event: Event | None) -> tuple[str, str]:
    asked = {past.event.about for past in case.history if past.event.step == step.reply_to}
    if event is None:
        return ("", "") if asked or step.unasked else (f"“{step.label}” comes after a request", "step")
    if event.about in asked:
        return "", ""
    label = case.labels((step.reply_to,))
    later = [other for other in case.to_come if other.step == step.reply_to and other.about == event.about]
    if later:
        return f"The date must be {spelled(later[0].on)} or later: {label}, {event.about}", "on"
    return ("", "") if step.unasked else (f"{label} is not recorded for {event.about}", "subject")


def refused_effect(case: CaseState, step: Step, on: date, event: Event | None) -> tuple[str, str]:
    answers = step.answers(event.answers) if event else {}
    match step.effect:
        case Effect.HOLD_STARTED if event and any(
            reason_key(held.reason) == reason_key(answers.get("reason", "")) for held in case.active_holds
        ):
            return "The case is already on hold for that reason", "reason"
        case Effect.HOLD_ENDED if not case.active_holds:
            return "The case is not on hold", "step"
        case Effect.HOLD_ENDED if event and case.hold_ended_by(answers) is None:
            reasons = ", ".join(hold.reason for hold in case.active_holds)
            return f"Say which hold ends: {reasons}", "reason"
        case Effect.EXTENDED if event:
            return refused_extension(case, event, answers)
        case Effect.EXTENDED if not any(case.can_be_extended(clock, on) for clock in case.clocks):
            return "No deadline can be extended now", "step"
    return "", ""


def refused_extension(case: CaseState, event: Event, answers: Mapping[str, str]) -> tuple[str, str]:
    rule = case.procedure.deadline(answers.get("deadline", ""))
    if rule is None:
        return f"There is no deadline “{answers.get('deadline', '')}”", "deadline"
    if not rule.extendable:
        return f"“{rule.label}” cannot be extended ({rule.source})", "deadline"
    clock = case.extended_clock(event, answers)
    if clock is None:
        if rule.per_subject and not event.about:
            return (
                f"Say whose deadline is extended: “{rule.label}” runs for each {subject_word(case, rule.key)}",
                "subject",
            )
        return f"“{rule.label}” had not started by {spelled(event.on)}", "deadline"
    due = clock.due(case.calendar.as_known_on(event.on))
    if due is None or not case.can_be_extended(clock, event.on):
        return f"“{rule.label}” is no longer open: nothing is left to extend", "deadline"
    if date.fromisoformat(answers["to"]) <= due:
        return f"The new date must be after {spelled(due)}, the date it is due now", "to"
    return "", ""


def subject_word(case: CaseState, deadline: str) -> str:
    rule = case.procedure.deadline(deadline)
    step = case.procedure.step(rule.starts[0].step) if rule else None
    return step.subject if step else "subject"
