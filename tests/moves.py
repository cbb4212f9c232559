"""What may be said of a case next, drawn at random: subjects and answers that the procedure's questions admit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import strategies as st

from tracker.models.cases import Case
from tracker.procedures.reckoning import Reckoning
from tracker.procedures.vocabulary import Effect, Question, Step

AGENCIES = ("West Mercia Police", "Shropshire Council", "NHS Shropshire ICB")
TEXTS = (
    "Agreed by the panel.",
    "  blanks around it  ",
    "Ŵyr, “quoted” & <b>bold</b>",
    "=SUM(A1:A9)",
    "one line\nand\ta second",
    "'; drop table event; --",
    "👩‍👧 %s {0} {{ x }}",
    "a" * 300,
)
NOT_ANSWERS: Mapping[str, tuple[str, ...]] = {
    "date": ("2025-02-30", "31/01/2025", "tomorrow", "0025-01-01"),
    "number": ("-1", "1.5", "two", "1e3", "٣"),
    "yes_no": ("perhaps", "1"),
    "text": ("x" * 20_001, "a\x00b", "a\x1b[1m", "\ud800", "a\u0085b"),
}


@dataclass(frozen=True)
class Move:
    """What is said: about whom, and the answers."""

    subject: str = ""
    answers: dict[str, str] = field(default_factory=dict)


def answers_to(question: Question, today: date) -> st.SearchStrategy[str]:
    """Answers that the question admits."""
    if question.choices:
        return st.sampled_from([value for value, _ in question.choices])
    match question.kind:
        case "yes_no":
            return st.sampled_from(["yes", "no"])
        case "number":
            return st.integers(0, 20).map(str)
        case "date":
            latest = today + timedelta(days=200 if question.lies_ahead else 0)
            return st.dates(today - timedelta(days=200), latest).map(date.isoformat)
    return st.sampled_from(TEXTS)


def wrong_answers_to(question: Question) -> st.SearchStrategy[str]:
    """Answers that the question does not admit."""
    wrong = NOT_ANSWERS["text"] + NOT_ANSWERS.get(question.kind, ())
    return st.sampled_from((*wrong, "no such choice") if question.admits else wrong)


@st.composite
def any_move(draw: st.DrawFn, step: Step, today: date) -> Move:
    """Answers to what a step must be told, and to some of the rest. Whether they fit the case is another matter."""
    asked = [question for question in step.questions if question.derives or draw(st.booleans())]
    subject = draw(st.sampled_from(AGENCIES)) if step.subject else ""
    return Move(subject, {question.key: draw(answers_to(question, today)) for question in asked})


@st.composite
def fitting_move(draw: st.DrawFn, case: Case, step: Step, reckoned: Reckoning, today: date) -> Move:
    """Something that may truly be recorded of an open step on that day."""
    move = draw(any_move(step, today))
    if step.reply_to and not step.unasked:
        asked = {past.event.about for past in reckoned.history if past.event.step == step.reply_to}
        return Move(draw(st.sampled_from(sorted(asked))), move.answers)
    if step.subject:
        # A reply that came unasked stands only while nobody is asked later than it.
        replied = {past.event.about for past in reckoned.history if past.step.reply_to == step.key}
        asked = {past.event.about for past in reckoned.history if past.step.key == step.key}
        free = [name for name in (*AGENCIES, "Another body") if name not in replied - asked]
        return Move(draw(st.sampled_from(free)), move.answers)
    held = {hold.reason for hold in reckoned.holds if hold.until is None}
    match step.effect:
        case Effect.HOLD_STARTED:
            free = sorted({value for value, _ in step.questions[0].choices} - held)
            return Move("", move.answers | {"reason": draw(st.sampled_from(free))})
        case Effect.HOLD_ENDED:
            return Move("", move.answers | {"reason": draw(st.sampled_from(sorted(held)))})
        case Effect.EXTENDED:
            extendable = [deadline for deadline in reckoned.open_deadlines if deadline.extendable and deadline.due]
            deadline = draw(st.sampled_from(extendable))
            assert deadline.due is not None
            to = deadline.due + timedelta(days=draw(st.integers(1, 400)))
            return Move(deadline.subject or "", move.answers | {"deadline": deadline.key, "to": to.isoformat()})
        case Effect.CORRECTED:
            facts = [
                event for event in case.events if event.number not in reckoned.corrected and event.step != step.key
            ]
            wrong = draw(st.sampled_from(facts))
            of = {"replaces": wrong.step, "replaces_on": wrong.happened_on.isoformat()}
            return Move(wrong.subject, move.answers | of)
    return move
