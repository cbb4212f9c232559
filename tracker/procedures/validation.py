"""Refuses a malformed procedure, naming the key at fault."""

from collections import Counter
from collections.abc import Iterable, Iterator

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
