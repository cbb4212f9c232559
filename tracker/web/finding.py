"""What an address names, if the person may see it. What they may not see is not found, as if it were not there."""

from tracker.errors import NotFound, NotPermitted
from tracker.models.cases import Case, Event
from tracker.models.users import User
from tracker.policy import roles_of
from tracker.procedures.vocabulary import Decision, Step
from tracker.queries.cases import find_case
from tracker.web.access import signed_in


def case_or_404(reference: str) -> Case:
    """The case of that reference."""
    case = find_case(signed_in(), reference)
    if case is None:
        raise NotFound
    return case


def event_or_404(case: Case, number: int) -> Event:
    """An event of the case by its place in the order of recording."""
    event = next((event for event in case.events if event.number == number), None)
    if event is None:
        raise NotFound
    return event


def decision_or_404(case: Case, key: str) -> Decision:
    """A decision of the case's procedure."""
    decision = case.procedure.decision(key)
    if decision is None:
        raise NotFound
    return decision


def step_or_404(case: Case, key: str, viewer: User | None = None) -> Step:
    """A step of the case's procedure; with *viewer*, one that they may record.

    Raises:
        NotPermitted: no role of theirs may record it.
    """
    step = case.procedure.step(key)
    if step is None:
        raise NotFound
    if viewer is not None and not roles_of(viewer, case.partnership_id) & set(step.by):
        raise NotPermitted(f"“{step.label}” is recorded by somebody else: {', '.join(step.by)}")
    return step
