"""The events of a case as its pages show them: both times, who recorded them, what they did, what corrected them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from tracker.clock import london
from tracker.models.cases import Case, Event
from tracker.models.facts import fact_of
from tracker.procedures.facts import Event as Fact
from tracker.procedures.reckoning import Deadline, Reckoning
from tracker.procedures.state import Happened
from tracker.procedures.vocabulary import Effect, Procedure, Step
from tracker.queries.history_words import answer_in_words, answers_in_words, effects_in_words
from tracker.web.case_words import is_decision
from tracker.web.filters import quantity

KINDS = (
    ("decisions", "Decisions"),
    ("moves", "Changes of stage"),
    ("requests", "Requests and replies"),
    ("dates", "Holds and extensions"),
    ("corrections", "Corrections"),
)
SAID_IN_TITLE = {
    Effect.HOLD_STARTED: ("reason",),
    Effect.HOLD_ENDED: ("reason",),
    Effect.EXTENDED: ("deadline",),
    Effect.CORRECTED: ("replaces",),
}


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """`corrected_by`: the correction that replaced it, if one did. `late`: how long after the day it was recorded."""

    event: Event
    title: str
    answers: tuple[tuple[str, str], ...]
    effects: tuple[str, ...]
    kinds: frozenset[str]
    late: str
    is_correction: bool
    corrected_by: Event | None = None

    @property
    def number(self) -> int:
        return self.event.number

    @property
    def struck_title(self) -> str | Markup:
        """The title, struck through where the event was recorded in error."""
        return Markup("<s>{}</s>").format(self.title) if self.corrected_by else self.title

    @property
    def recorded_by(self) -> str:
        return self.event.recorded_by.name if self.event.recorded_by else ""


def shown_events(case: Case, reckoning: Reckoning, known: Sequence[Event] | None = None) -> list[ShownEvent]:
    """Every event in the order of recording, or those of *known*, as the reckoning took them."""
    events = list(case.events if known is None else known)
    history = {past.event.number: past for past in reckoning.history}
    replaced = corrections(events, reckoning)
    return [
        shown(event, case.procedure, history.get(event.number), reckoning, replaced.get(event.number))
        for event in events
        if event.happened_on <= reckoning.today
    ]


def shown(
    event: Event, procedure: Procedure, past: Happened | None, reckoning: Reckoning, correction: Event | None
) -> ShownEvent:
    step = next(step for step in procedure.steps if step.key == event.step)
    said = SAID_IN_TITLE.get(step.effect, ())
    answers = {key: answer for key, answer in event.answers.items() if key not in said}
    waited = (london(event.recorded_at).date() - event.happened_on).days
    return ShownEvent(
        event=event,
        title=title(fact_of(event), step, procedure, chased=past.chased if past else False),
        answers=tuple(answers_in_words(procedure, step, answers)),
        effects=tuple(effects(procedure, past, reckoning)) if past else (),
        kinds=frozenset(kinds_of(step, past, correction)),
        late=f"{quantity(waited, 'day')} later" if waited > 0 else "",
        is_correction=step.effect is Effect.CORRECTED,
        corrected_by=correction,
    )


def title(event: Fact, step: Step, procedure: Procedure, *, chased: bool = False) -> str:
    """What happened, and to whom or to what."""
    words = f"{step.label} again" if chased else step.label
    about = [
        answer_in_words(procedure, key, step.question(key), event.answers[key])
        for key in SAID_IN_TITLE.get(step.effect, ())
        if event.answers.get(key)
    ]
    if event.about:
        about.append(event.about)
    return f"{words}: {', '.join(about)}" if about else words


def effects(procedure: Procedure, past: Happened, reckoning: Reckoning) -> list[str]:
    """What it did, in words."""

    def of(clocks: Sequence[object]) -> list[Deadline]:
        wanted = {(clock.rule.key, clock.subject, clock.occurrence) for clock in clocks}  # type: ignore[attr-defined]
        return [each for each in reckoning.deadlines if (each.key, each.subject or "", each.occurrence) in wanted]

    number = past.event.number
    extended = [
        (each, moved) for each in reckoning.deadlines for moved in each.extensions if moved.event.number == number
    ]
    return effects_in_words(procedure, past, of(past.started), of(past.met), extended)


def kinds_of(step: Step, past: Happened | None, correction: Event | None) -> Iterator[str]:
    if is_decision(step):
        yield "decisions"
    if past and past.stage_before != past.stage_after:
        yield "moves"
    if step.subject:
        yield "requests"
    if step.effect in (Effect.HOLD_STARTED, Effect.HOLD_ENDED, Effect.EXTENDED):
        yield "dates"
    if correction or step.effect in (Effect.CORRECTED, Effect.REOPENED):
        yield "corrections"


def corrections(events: Sequence[Event], reckoning: Reckoning) -> Mapping[int, Event]:
    """Which correction replaced which event, by its number. The latest correction chooses first."""
    found: dict[int, Event] = {}
    for correction in sorted(events, key=lambda event: (event.recorded_at, event.number), reverse=True):
        step = reckoning.procedure.step(correction.step)
        if step is None or step.effect is not Effect.CORRECTED or correction.number in reckoning.corrected:
            continue
        fits = [event for event in events if event.number not in found and is_replaced(event, correction, reckoning)]
        target = max(fits, key=lambda event: (event.happened_on, event.number), default=None)
        if target:
            found[target.number] = correction
    return found


def is_replaced(event: Event, correction: Event, reckoning: Reckoning) -> bool:
    answers, about = correction.answers, fact_of(correction).about
    return (
        event.number in reckoning.corrected
        and event.step == answers.get("replaces")
        and event.happened_on <= correction.happened_on
        and about in ("", fact_of(event).about)
        and answers.get("replaces_on", "") in ("", event.happened_on.isoformat())
    )


def known_by(case: Case, day: date) -> list[Event]:
    """What had been recorded by the end of that day, London."""
    return [event for event in case.events if london(event.recorded_at).date() <= day]
