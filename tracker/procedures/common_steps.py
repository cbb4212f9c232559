"""The steps that any case may record, whatever its kind."""

from tracker.procedures.vocabulary import CLOSED, STAGE_BEFORE, At, Decision, Effect, Move, Question, Step

OFFICER = ("officer",)
DECIDES = ("chair", "officer")
APPROVES = ("manager", "chair", "officer")

HOLD_REASONS = (
    ("criminal_trial", "Criminal trial"),
    ("retrial", "Retrial"),
    ("inquest", "Inquest"),
    ("safety", "Safety"),
    ("other", "Other"),
)

# Who a case on hold waits for.
HOLD_HOLDERS = (("criminal_trial", "court"), ("retrial", "court"), ("inquest", "coroner"))

REASON = Question("reason", "What is the reason?", "long_text", required=True)
NOTE = Question("note", "Anything to add", "long_text", hint="No names of people: use the pseudonyms of the case.")
DECIDED_BY = Question(
    "decided_by", "Who made the decision?", hint="The role, for example partnership chair.", required=True
)
PEOPLE = Question(
    "people",
    "Who is involved?",
    "long_text",
    hint="Give each person a pseudonym and say how they stand to the others: Adult A, who died; Adult B, her former "
    "partner. No names.",
)
CONSULTED = Question("consulted", "Who was consulted?", "long_text", required=True)
REOPENING = "The case can be reopened, with a reason and the name of whoever approved it."
DISCONTINUATION = Decision("discontinuation", "Discontinue the review", "Is the review discontinued?")
RATIONALE = Question("rationale", "What are the reasons for the decision?", "long_text", required=True)


def reason_key(written: str) -> str:
    """What tells one hold from another: the reason, however it is spelled."""
    return "_".join(written.casefold().replace("_", " ").replace("-", " ").split())


def hold_reason(written: str) -> str:
    """The key of a reason, also where a file says it in words; what is not known is “other”."""
    key = reason_key(written)
    return key if key in dict(HOLD_REASONS) else "other"


def at(*stages: str) -> tuple[At, ...]:
    return tuple(At(stage) for stage in stages)


def common_steps(*open_stages: str) -> tuple[Step, ...]:
    """Hold, extension, ending, reopening and correction, in the order of the domain reference."""
    anywhere = at(*open_stages)
    everywhere = (*anywhere, At(CLOSED))
    closing = (Move(CLOSED),)
    return (
        Step(
            "hold_started",
            "Hold started",
            anywhere,
            APPROVES,
            (
                Question("reason", "Why is the case on hold?", "choice", HOLD_REASONS, required=True, default="other"),
                Question("held_by", "Who holds the case meanwhile?", hint="For example the court or the coroner."),
                NOTE,
            ),
            effect=Effect.HOLD_STARTED,
            hint="A hold does not move a date. To move one, extend the deadline.",
        ),
        Step(
            "hold_ended",
            "Hold ended",
            anywhere,
            APPROVES,
            (Question("reason", "Which hold has ended?", "choice", HOLD_REASONS, required=True), NOTE),
            effect=Effect.HOLD_ENDED,
        ),
        Step(
            "deadline_extended",
            "Deadline extended",
            anywhere,
            APPROVES,
            (
                Question("deadline", "Which deadline?", "choice", required=True, derives=True),
                Question("to", "What is the new date?", "date", required=True, derives=True, lies_ahead=True),
                REASON,
                Question("agreed_by", "Who agreed it?", required=True),
            ),
            effect=Effect.EXTENDED,
        ),
        Step(
            "discontinued",
            "Discontinued",
            anywhere,
            DECIDES,
            (REASON, DECIDED_BY),
            closing,
            irreversible=True,
            decides="discontinuation",
            undone_by=REOPENING,
        ),
        Step(
            "transferred",
            "Transferred to another partnership",
            anywhere,
            APPROVES,
            (Question("to", "Which partnership?", required=True), REASON),
            closing,
            irreversible=True,
            undone_by=REOPENING,
        ),
        Step(
            "merged",
            "Merged into a joint review",
            anywhere,
            APPROVES,
            (Question("into", "Into which review?", hint="Its reference.", required=True), REASON),
            closing,
            irreversible=True,
            undone_by=REOPENING,
        ),
        Step(
            "closed",
            "Closed",
            anywhere,
            APPROVES,
            (REASON,),
            closing,
            irreversible=True,
            undone_by=REOPENING,
        ),
        Step(
            "reopened",
            "Reopened",
            at(CLOSED),
            APPROVES,
            (REASON, Question("approver", "Who approved it?", required=True)),
            (Move(STAGE_BEFORE),),
            effect=Effect.REOPENED,
        ),
        Step(
            "recorded_in_error",
            "Recorded in error",
            everywhere,
            OFFICER,
            (
                Question("replaces", "Which step was wrong?", "choice", required=True, derives=True),
                Question("replaces_on", "The day it was recorded for", "date"),
                REASON,
            ),
            effect=Effect.CORRECTED,
        ),
    )
