"""The events of a case as its pages show them: both times, who recorded them, what they did, what corrected them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from tracker.clock import london
from tracker.models.cases import Case, Event
from tracker.models.facts import fact_of
from tracker.procedures.clocks import Clock, Extension
from tracker.procedures.corrections import replacements
from tracker.procedures.facts import Event as Fact
from tracker.procedures.reckoning import Deadline, Reckoning
from tracker.procedures.state import Happened
from tracker.procedures.vocabulary import Effect, Procedure, Step
from tracker.queries.history_words import answer_in_words, answers_in_words, effects_in_words, plain
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
    """`corrected_by`: the correction that replaced it, if one did. `late`: how long after the day it was recorded.

    `long_texts`: the questions that were answered at length. `opens`: it is the referral.
    """

    event: Event
    title: str
    answers: tuple[tuple[str, str], ...]
    effects: tuple[str, ...]
    late: str
    is_correction: bool
    long_texts: frozenset[str]
    opens: bool
    corrected_by: Event | None = None

    def tells(self, question: str) -> bool:
        """Whether the answer tells what happened to somebody."""
        return self.opens and question in self.long_texts

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


class Effects:
    """What each event did, in words. The deadlines are sorted by what moved them once, for cases of many events."""

    def __init__(self, reckoning: Reckoning) -> None:
        self.procedure = reckoning.procedure
        self.deadlines = {(each.key, each.subject or "", each.occurrence): each for each in reckoning.deadlines}
        self.moved: dict[int, list[tuple[Deadline, Extension]]] = defaultdict(list)
        for deadline in reckoning.deadlines:
            for extension in deadline.extensions:
                self.moved[extension.event.number].append((deadline, extension))

    def of(self, past: Happened) -> list[str]:
        started, met = self.run_by(past.started), self.run_by(past.met)
        return effects_in_words(self.procedure, past, started, met, self.moved[past.event.number])

    def run_by(self, clocks: Sequence[Clock]) -> list[Deadline]:
        return [self.deadlines[clock.rule.key, clock.subject, clock.occurrence] for clock in clocks]


def shown_events(
    case: Case, reckoning: Reckoning, known: Sequence[Event] | None = None, *, only: Collection[int] | None = None
) -> list[ShownEvent]:
    """Every event in the order of recording, or those of *known*, as the reckoning took them.

    *only*: the numbers of those to be shown. What replaced them is found among all.
    """
    events = list(case.events if known is None else known)
    history = {past.event.number: past for past in reckoning.history}
    replaced, effects = corrections(events, reckoning), Effects(reckoning)
    return [
        shown(event, case.procedure, history.get(event.number), effects, replaced.get(event.number))
        for event in events
        if event.happened_on <= reckoning.today and (only is None or event.number in only)
    ]


def shown(
    event: Event, procedure: Procedure, past: Happened | None, effects: Effects, correction: Event | None
) -> ShownEvent:
    step = procedure.known_step(event.step)
    said = SAID_IN_TITLE.get(step.effect, ())
    answers = {key: answer for key, answer in event.answers.items() if key not in said}
    waited = (london(event.recorded_at).date() - event.happened_on).days
    return ShownEvent(
        event=event,
        title=title(fact_of(event), step, procedure, chased=past.chased if past else False),
        answers=tuple(answers_in_words(procedure, step, answers)),
        effects=tuple(effects.of(past)) if past else (),
        late=f"{quantity(waited, 'day')} later" if waited > 0 else "",
        is_correction=step.effect is Effect.CORRECTED,
        long_texts=frozenset(long_texts(step, answers)),
        opens=step.opens,
        corrected_by=correction,
    )


def long_texts(step: Step, answers: Iterable[str]) -> Iterator[str]:
    """What was asked where people write at length, and whatever a case file says besides."""
    for key in answers:
        question = step.question(key)
        if question is None:
            yield plain(key)
        elif question.kind == "long_text":
            yield question.label


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


def kinds(events: Sequence[Event], reckoning: Reckoning) -> dict[int, frozenset[str]]:
    """Of what kinds each event is, by its number."""
    history = {past.event.number: past for past in reckoning.history}
    replaced = corrections(events, reckoning)
    steps = {step.key: step for step in reckoning.procedure.steps}
    return {
        event.number: frozenset(kinds_of(steps[event.step], history.get(event.number), event.number in replaced))
        for event in events
    }


def kinds_of(step: Step, past: Happened | None, is_replaced: bool) -> Iterator[str]:
    if step.decides:
        yield "decisions"
    if past and past.stage_before != past.stage_after:
        yield "moves"
    if step.subject:
        yield "requests"
    if step.effect in (Effect.HOLD_STARTED, Effect.HOLD_ENDED, Effect.EXTENDED):
        yield "dates"
    if is_replaced or step.effect in (Effect.CORRECTED, Effect.REOPENED):
        yield "corrections"


def corrections(events: Sequence[Event], reckoning: Reckoning) -> Mapping[int, Event]:
    """Which correction replaced which event, by its number."""
    known = tuple(fact_of(event) for event in events if event.happened_on <= reckoning.today)
    by_number = {event.number: event for event in events}
    replaced = replacements(known, reckoning.procedure)
    return {number: by_number[correction] for number, correction in replaced.items()}


def known_by(case: Case, day: date) -> list[Event]:
    """What had been recorded by the end of that day, London."""
    return [event for event in case.events if london(event.recorded_at).date() <= day]
