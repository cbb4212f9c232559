"""Refuses a malformed procedure, naming the key at fault."""

from collections import Counter
from collections.abc import Iterable, Iterator

from tracker.procedures.referral_pages import Asks, ReferralPage
from tracker.procedures.vocabulary import STAGE_BEFORE, DeadlineRule, Procedure, Step, Trigger

QUESTION_KINDS = {"text", "long_text", "choice", "choices", "yes_no", "date", "number", "agency"}


class MalformedProcedure(ValueError):
    """A procedure that cannot be run. Lists every fault, each with its key."""


def validated(procedure: Procedure) -> Procedure:
    """The procedure, if it is sound.

    Raises:
        MalformedProcedure: naming each key at fault.
    """
    found = [f"{procedure.edition}: {fault}" for fault in faults(procedure)]
    if found:
        raise MalformedProcedure("; ".join(found))
    return procedure


def faults(procedure: Procedure) -> Iterator[str]:
    yield from repeated("stage", (stage.key for stage in procedure.stages))
    yield from repeated("step", (step.key for step in procedure.steps))
    yield from repeated("deadline", (rule.key for rule in procedure.deadlines))
    yield from repeated("criterion", (criterion.key for criterion in procedure.criteria))
    if sum(step.opens for step in procedure.steps) != 1:
        yield "exactly one step opens a case"
    if not procedure.law.title:
        yield "law: missing source"
    for criterion in procedure.criteria:
        if not criterion.source.title:
            yield f"criterion {criterion.key}: missing source"
    for step in procedure.steps:
        yield from step_faults(procedure, step)
    for rule in procedure.deadlines:
        yield from deadline_faults(procedure, rule)
    if procedure.referral:
        yield from referral_faults(procedure)


def repeated(kind: str, keys: Iterable[str]) -> Iterator[str]:
    for key, count in Counter(keys).items():
        if count > 1:
            yield f"{kind} {key}: duplicate key"


def step_faults(procedure: Procedure, step: Step) -> Iterator[str]:
    stages = {stage.key for stage in procedure.stages}
    name = f"step {step.key}"
    if not step.at:
        yield f"{name}: no stage allows it"
    for at in step.at:
        if at.stage not in stages:
            yield f"{name}: unknown stage {at.stage}"
        for trigger in at.after:
            yield from trigger_faults(procedure, name, trigger)
        yield from unknown_steps(procedure, name, at.until)
    for move in step.moves:
        if move.to != STAGE_BEFORE and move.to not in stages:
            yield f"{name}: moves to unknown stage {move.to}"
        for stage in move.from_stages:
            if stage not in stages:
                yield f"{name}: moves from unknown stage {stage}"
    if not step.by:
        yield f"{name}: nobody may record it"
    yield from unknown_steps(procedure, name, step.needs)
    yield from unknown_steps(procedure, name, (step.reply_to,) if step.reply_to else ())
    yield from unknown_steps(procedure, name, tuple(source for _, source in step.inherits))
    yield from repeated(f"{name}: question", (question.key for question in step.questions))
    for question in step.questions:
        if question.kind not in QUESTION_KINDS:
            yield f"{name}: question {question.key} is of unknown kind {question.kind}"
        if question.default and question.choices and question.default not in dict(question.choices):
            yield f"{name}: question {question.key} defaults to something it does not offer"


def referral_faults(procedure: Procedure) -> Iterator[str]:
    """Everything that a case needs is asked, once, of something that exists."""
    yield from repeated("referral page", (page.key for page in procedure.referral))
    for page in procedure.referral:
        step = procedure.step(page.step) if page.step else procedure.opening
        for key in page.questions:
            if step is None or step.question(key) is None:
                yield f"referral page {page.key}: no question {key}"
        if page.asks is Asks.SUBJECTS and (step is None or not step.subject):
            yield f"referral page {page.key}: no step with a subject"
        if page.asks is Asks.QUESTIONS and not page.questions:
            yield f"referral page {page.key}: asks nothing"
    if sum(page.dated for page in procedure.referral) != 1:
        yield "exactly one referral page asks for the day"
    asked = [key for page in procedure.referral if not page.step for key in page.questions]
    yield from repeated("referral question", asked)
    for question in procedure.opening.questions:
        if question.key not in asked:
            yield f"no referral page asks {question.key}"
    yield from unasked(procedure.referral, Asks.COMPLAINTS, wanted=procedure.takes_complaints)
    yield from unasked(procedure.referral, Asks.DEATH, wanted=procedure.takes_deaths)
    yield from unasked(procedure.referral, Asks.THEMES, wanted=bool(procedure.themes))
    excluding = {criterion.excludes for criterion in procedure.criteria}
    yield from unasked(procedure.referral, Asks.CRITERIA, wanted=False in excluding)
    yield from unasked(procedure.referral, Asks.EXCLUSIONS, wanted=True in excluding)


def unasked(pages: Iterable[ReferralPage], asks: Asks, *, wanted: bool) -> Iterator[str]:
    if sum(page.asks is asks for page in pages) != wanted:
        yield f"a referral page asks for {asks}: {'none, or several' if wanted else 'one too many'}"


def deadline_faults(procedure: Procedure, rule: DeadlineRule) -> Iterator[str]:
    name = f"deadline {rule.key}"
    if not rule.source.title:
        yield f"{name}: missing source"
    if not rule.owner:
        yield f"{name}: missing owner"
    if rule.of_partnership:
        return
    if not rule.starts:
        yield f"{name}: nothing starts it"
    meeting = [procedure.step(trigger.step) for trigger in rule.met_by]
    if not any(step is not None and step.at for step in meeting):
        yield f"{name}: no step can meet it"
    for trigger in (*rule.starts, *rule.restarts, *rule.met_by, *rule.ends, *rule.suspends, *rule.resumes):
        yield from trigger_faults(procedure, name, trigger)
    yield from unknown_steps(procedure, name, rule.met_by_settings)
    for answer in filter(None, (rule.start_answer, rule.due_answer)):
        steps = [procedure.step(trigger.step) for trigger in rule.starts]
        if not any(step and step.question(answer) for step in steps):
            yield f"{name}: no starting step asks for {answer}"
    if rule.per_subject:
        for trigger in (*rule.starts, *rule.met_by):
            step = procedure.step(trigger.step)
            if step and not step.subject:
                yield f"{name}: runs for each subject, but step {step.key} has none"


def trigger_faults(procedure: Procedure, name: str, trigger: Trigger) -> Iterator[str]:
    step = procedure.step(trigger.step)
    if step is None:
        yield f"{name}: unknown step {trigger.step}"
        return
    if trigger.in_stage and trigger.in_stage not in {stage.key for stage in procedure.stages}:
        yield f"{name}: unknown stage {trigger.in_stage}"
    inherited = dict(step.inherits)
    for key, values in trigger.where:
        asked = step.question(key)
        source = procedure.step(inherited[key]) if key in inherited else None
        question = asked or (source.question(key) if source else None)
        if question is None:
            yield f"{name}: step {step.key} does not ask for {key}"
        elif question.choices and not set(values) <= {*dict(question.choices), ""}:
            yield f"{name}: step {step.key} does not offer {', '.join(values)} for {key}"


def unknown_steps(procedure: Procedure, name: str, keys: Iterable[str]) -> Iterator[str]:
    for key in keys:
        if procedure.step(key) is None:
            yield f"{name}: unknown step {key}"
