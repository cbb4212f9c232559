"""Which events a correction has replaced, and so which still count."""

from collections.abc import Collection
from datetime import date

from tracker.procedures.calendars import spelled
from tracker.procedures.facts import Event, NotAllowed
from tracker.procedures.vocabulary import Effect, Procedure


def uncorrected(events: tuple[Event, ...], procedure: Procedure, today: date) -> tuple[list[Event], frozenset[int]]:
    """The events that count on that day, and the numbers of those replaced by a correction of that day or before."""
    known = tuple(event for event in events if event.on <= today)
    gone = replacements(known, procedure)
    return [event for event in known if event.number not in gone], frozenset(gone)


def replacements(events: tuple[Event, ...], procedure: Procedure) -> dict[int, int]:
    """The number of each event that a correction replaces, with the number of the correction.

    A correction may itself be corrected, the latest first; those that stand are then read in the order of recording.
    """
    corrections = sorted((e for e in events if _effect(procedure, e) is Effect.CORRECTED), key=_recording)
    keys = {correction.step for correction in corrections}
    of_corrections = [event for event in corrections if event.answers.get("replaces") in keys]
    of_facts = [event for event in corrections if event.answers.get("replaces") not in keys]
    gone: dict[int, int] = {}
    for correction in (*reversed(of_corrections), *of_facts):
        if correction.number in gone:
            continue
        target = _target(correction, events, gone)
        if target is None:
            raise NotAllowed(
                f"There is no step “{correction.answers.get('replaces', '')}” to correct before "
                f"{spelled(correction.on)}",
                number=correction.number,
                field="replaces",
            )
        gone[target.number] = correction.number
    return gone


def _effect(procedure: Procedure, event: Event) -> Effect:
    step = procedure.step(event.step)
    return step.effect if step else Effect.NONE


def _recording(event: Event) -> tuple[float, int]:
    return (event.recorded_at.timestamp() if event.recorded_at else float("inf"), event.number)


def _recorded_before(event: Event, correction: Event) -> bool:
    if event.recorded_at and correction.recorded_at:
        return _recording(event) < _recording(correction)
    return event.number < correction.number


def _target(correction: Event, events: tuple[Event, ...], replaced: Collection[int]) -> Event | None:
    """The event a correction replaces: chosen by step, subject and day, else the latest."""
    wanted, day = correction.answers.get("replaces", ""), correction.answers.get("replaces_on", "")
    candidates = [
        event
        for event in events
        if event.step == wanted
        and event is not correction
        and event.number not in replaced
        and event.on <= correction.on
        and (not correction.about or event.about == correction.about)
        and (not day or event.on.isoformat() == day)
    ]
    earlier = [event for event in candidates if _recorded_before(event, correction)]
    return max(earlier or candidates, key=lambda event: (event.on, event.number), default=None)
