"""A case as its file."""

from tracker.models.cases import Case
from tracker.models.facts import facts_of
from tracker.procedures.case_file import CaseFile
from tracker.queries.plans import With, plan_of, recommendation_lines


def case_file(case: Case) -> CaseFile:
    """The case in the shape that files have: load(show(x)) = x."""
    known = facts_of(case)
    return CaseFile(
        procedure=case.procedure,
        reference=case.reference,
        partnership=case.partnership.key,
        contributing=tuple(other.partnership.key for other in case.contributing),
        themes=tuple(case.themes),
        complaints=known.complaints,
        criteria=tuple(case.criteria),
        deaths=tuple(case.deaths),
        lead=case.lead.email if case.lead else "",
        chair=case.chair.email if case.chair else "",
        recommendations=tuple(recommendation_lines(plan_of(case, With.EVENTS))),
        events=known.events,
    )
