"""The words a procedure is written in.

A procedure is data: stages, the steps that may be recorded in each, and the deadlines that steps start and meet.
Nothing here knows any particular law; the modules beside this one do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tracker.procedures.ladder import Ladder
from tracker.procedures.periods import Period
from tracker.procedures.referral_pages import ReferralPage

CLOSED = "closed"
STAGE_BEFORE = "stage before"  # where a reopened case, or a case whose appeal failed, goes back to

PROPER_NAMES = ("Home Office", "QA", "Secretary of State", "Domestic Abuse Commissioner")


def uncapitalised(words: str) -> str:
    """For the middle of a sentence: the first letter small, unless a proper name or an abbreviation begins it."""
    named = words.startswith(PROPER_NAMES) or words[1:2].isupper()
    return words if named else words[:1].lower() + words[1:]


class Authority(StrEnum):
    """What a rule rests on."""

    STATUTE = "statute"
    GUIDANCE = "guidance"
    LOCAL = "local"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from. Unverified: show it with "confirm with your legal adviser"."""

    title: str
    section: str = ""
    authority: Authority = Authority.LOCAL
    verified: bool = True

    def __str__(self) -> str:
        return f"{self.title}, {self.section}" if self.section else self.title


@dataclass(frozen=True, slots=True)
class Question:
    """What a step asks of the person who records it.

    `required` is asked of pages. `derives` marks an answer that stage, clocks or figures depend on: a case file must
    hold it too, unless it has a `default`. `lies_ahead` marks a day that may be in the future.
    """

    key: str
    label: str
    kind: str = "text"  # text, long_text, choice, choices, yes_no, date, number, agency
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    required: bool = False
    derives: bool = False
    default: str = ""
    fixed: bool = False
    lies_ahead: bool = False

    def shown(self, answer: str) -> str:
        """The answer as a reader sees it."""
        if self.kind == "yes_no":
            return {"yes": "Yes", "no": "No"}.get(answer, answer)
        return dict(self.choices).get(answer, answer)

    @property
    def admits(self) -> tuple[str, ...]:
        """The only answers a case file may give; empty when any text will do."""
        if self.kind == "yes_no":
            return ("yes", "no")
        return tuple(value for value, _ in self.choices) if self.fixed or self.derives else ()


@dataclass(frozen=True, slots=True)
class Trigger:
    """A step, with the answers that make it count: every key must hold one of the values listed.

    `in_stage` empty: whatever stage the case was in when the step was recorded.
    """

    step: str
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    in_stage: str = ""

    def matches(self, step: str, answers: Mapping[str, str], stage: str) -> bool:
        return (
            step == self.step
            and self.in_stage in ("", stage)
            and all(answers.get(key, "") in values for key, values in self.where)
        )


def on(step: str, in_stage: str = "", **where: tuple[str, ...]) -> Trigger:
    """Read as: on this step, in this stage, where its answers are these."""
    return Trigger(step, tuple(where.items()), in_stage)


@dataclass(frozen=True, slots=True)
class At:
    """A stage in which a step may be recorded: always, or only after something and until something else."""

    stage: str
    after: tuple[Trigger, ...] = ()
    until: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """Where a step takes the case.

    `from_stages` empty: from any stage. `every_subject`: only when at least that many subjects are known to the case
    and the latest such step of each has the answers in `when`.
    """

    to: str
    from_stages: tuple[str, ...] = ()
    when: tuple[tuple[str, tuple[str, ...]], ...] = ()
    every_subject: int = 0


class Effect(StrEnum):
    """What a step does besides moving the case and running clocks."""

    NONE = ""
    HOLD_STARTED = "hold started"
    HOLD_ENDED = "hold ended"
    EXTENDED = "extended"
    CORRECTED = "corrected"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that somebody must decide. Each step that `decides` it is one way to."""

    key: str
    label: str
    question: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a body stands to a request: before it, after it, and once it has answered."""

    before: str = "Not asked"
    asked: str = "Asked"
    answered: str = "Received"


@dataclass(frozen=True, slots=True)
class Step:
    """Something that may happen to a case, named in the past tense.

    `at`: the stages in which it may be recorded. `needs`: one of these must have happened before. `reply_to`: the
    request this answers; the same subject must have been asked before, or, with `unasked`, must not be asked only
    later. `inherits`: answers taken from the latest step named, where this one does not give them. `decides`: the
    decision this is one way to take. `meeting`: people met. `standing`: of a reply, how those asked stand to it.
    `undone_by`: of what cannot be undone, how its consequences may still be reversed.
    """

    key: str
    label: str
    at: tuple[At, ...]
    by: tuple[str, ...]
    questions: tuple[Question, ...] = ()
    moves: tuple[Move, ...] = ()
    needs: tuple[str, ...] = ()
    subject: str = ""
    reply_to: str = ""
    unasked: bool = False
    once: bool = False
    opens: bool = False
    meets_one: bool = False
    irreversible: bool = False
    inherits: tuple[tuple[str, str], ...] = ()
    effect: Effect = Effect.NONE
    decides: str = ""
    meeting: bool = False
    standing: Standing = Standing()
    undone_by: str = ""
    hint: str = ""
    when: str = "When did it happen?"
    when_hint: str = ""

    @property
    def phrase(self) -> str:
        """The label inside a sentence: the first letter small, unless a proper name begins it."""
        return uncapitalised(self.label)

    def question(self, key: str) -> Question | None:
        return next((question for question in self.questions if question.key == key), None)

    def answers(self, given: Mapping[str, str]) -> dict[str, str]:
        """What was answered, with the defaults of what was not."""
        return {question.key: question.default for question in self.questions if question.default} | dict(given)


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a case's life, and who holds the case in it. A detour returns to the stage it came from.

    `lead_in`: how a sentence about a case in this stage begins.
    """

    key: str
    label: str
    held_by: str
    lead_in: str = ""
    detour: bool = False
    drawn: bool = True


@dataclass(frozen=True, slots=True)
class Criterion:
    """A condition of the law, recorded as met, not met or unclear, with evidence.

    With a `question` it is something else that rules the review out: the question asks for that, and a yes to it is
    "not met".
    """

    key: str
    label: str
    source: Source
    question: str = ""

    @property
    def excludes(self) -> bool:
        return bool(self.question)


@dataclass(frozen=True, slots=True)
class Name:
    """A deadline in other words.

    `mark`: beside a mark of a picture; `many`: several of them there; `subject`: of "... is due on"; `missing`: what
    somebody whose clock it is has not done.
    """

    mark: str
    subject: str
    many: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """A clock: what starts it, how long it runs, what meets it, whose it is and which rule says so.

    starts / restarts: each opens an occurrence; a local setting may replace `starts`, never `restarts`.
    start_answer: the day is this answer of the starting step, not the day of the step.
    due_answer: the due day is this answer where it is given.
    ends: what cancels it for good. suspends / resumes: it is cancelled in between, and runs on after.
    chased: a second start for the same subject before the reply starts nothing.
    window: an opportunity that lapses; closing the case does not cancel it.
    held: never overdue during a hold, and starts anew when a hold that ran past it ends.
    ladder: when it is brought to mind, where that is not as usual.
    """

    key: str
    label: str
    starts: tuple[Trigger, ...]
    period: Period
    met_by: tuple[Trigger, ...]
    owner: str
    source: Source
    extendable: bool = True
    restarts: tuple[Trigger, ...] = ()
    ends: tuple[Trigger, ...] = ()
    suspends: tuple[Trigger, ...] = ()
    resumes: tuple[Trigger, ...] = ()
    per_subject: bool = False
    chased: bool = False
    first_start_only: bool = False
    window: bool = False
    held: bool = False
    start_answer: str = ""
    due_answer: str = ""
    met_by_settings: tuple[str, ...] = ()
    length_is_local: bool = False
    of_partnership: bool = False
    extension_note: str = ""
    name: Name | None = None
    ladder: Ladder | None = None
    started_by: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        started_by = frozenset(trigger.step for trigger in (*self.starts, *self.restarts))
        object.__setattr__(self, "started_by", started_by)


@dataclass(frozen=True, slots=True)
class Assurance:
    """Quality assurance of a report by somebody else, in rounds: sent, answered with points, the points disposed of.

    Each is the key of a step; `outcome` and `points` are questions of the answer, `disposal` one of the disposal.
    """

    by: str
    sent: str
    answered: str
    disposed: str
    outcome: str
    points: str
    disposal: str


@dataclass(frozen=True, slots=True)
class Publication:
    """How a report is published: the steps that show what is done, in order; the one that publishes.

    `form` and `link` are questions of the publishing step. `withheld` and `removed` are steps, where there are such.
    """

    checklist: tuple[str, ...]
    published: str
    form: str = "form"
    link: str = "link"
    withheld: str = ""
    removed: str = ""


@dataclass(frozen=True, slots=True)
class Procedure:
    """One edition of one kind of review. In force from / to; no dates means dormant until an administrator says."""

    case_type: str
    edition: str
    title: str
    short_title: str
    prefix: str
    law: Source
    in_force_from: date | None
    in_force_to: date | None
    stages: tuple[Stage, ...]
    steps: tuple[Step, ...]
    deadlines: tuple[DeadlineRule, ...]
    criteria: tuple[Criterion, ...] = ()
    subjects: tuple[str, ...] = ()
    about: str = ""
    takes_complaints: bool = False
    takes_deaths: bool = False
    commences_by_area: bool = False
    themes: tuple[tuple[str, str], ...] = ()
    referral: tuple[ReferralPage, ...] = ()
    hold_holders: tuple[tuple[str, str], ...] = ()
    decisions: tuple[Decision, ...] = ()
    assurance: Assurance | None = None
    publication: Publication | None = None
    _stages: dict[str, Stage] = field(init=False, repr=False, compare=False)
    _steps: dict[str, Step] = field(init=False, repr=False, compare=False)
    _deadlines: dict[str, DeadlineRule] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_stages", {stage.key: stage for stage in self.stages})
        object.__setattr__(self, "_steps", {step.key: step for step in self.steps})
        object.__setattr__(self, "_deadlines", {rule.key: rule for rule in self.deadlines})

    @property
    def opening(self) -> Step:
        return next(step for step in self.steps if step.opens)

    @property
    def first_stage(self) -> str:
        return self.stages[0].key

    def decision(self, key: str) -> Decision | None:
        return next((decision for decision in self.decisions if decision.key == key), None)

    def ways_to_decide(self, key: str) -> tuple[Step, ...]:
        """The steps by which a decision may be taken."""
        return tuple(step for step in self.steps if step.decides == key)

    @property
    def requests(self) -> tuple[tuple[Step, Step], ...]:
        """Each step that asks somebody for something, with the step that is the reply."""
        return tuple((self.known_step(step.reply_to), step) for step in self.steps if step.reply_to)

    def stage(self, key: str) -> Stage:
        return self._stages[key]

    def known_step(self, key: str) -> Step:
        """The step of that key. Raises KeyError: there is none."""
        return self._steps[key]

    def known_deadline(self, key: str) -> DeadlineRule:
        """The rule of that key. Raises KeyError: there is none."""
        return self._deadlines[key]

    def step(self, key: str) -> Step | None:
        return self._steps.get(key)

    def deadline(self, key: str) -> DeadlineRule | None:
        return self._deadlines.get(key)
