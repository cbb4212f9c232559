"""The law as data: every edition of every procedure, and which is in force when."""

from collections.abc import Mapping
from datetime import date, timedelta

from tracker.procedures.asb_case_review import ASB_CASE_REVIEW
from tracker.procedures.domestic_abuse_related_death_review import DOMESTIC_ABUSE_RELATED_DEATH_REVIEW
from tracker.procedures.domestic_homicide_review import DOMESTIC_HOMICIDE_REVIEW
from tracker.procedures.offensive_weapons_homicide_review import OFFENSIVE_WEAPONS_HOMICIDE_REVIEW
from tracker.procedures.validation import validated
from tracker.procedures.vocabulary import Procedure

PROCEDURES: dict[str, Procedure] = {
    procedure.edition: validated(procedure)
    for procedure in (
        DOMESTIC_HOMICIDE_REVIEW,
        DOMESTIC_ABUSE_RELATED_DEATH_REVIEW,
        ASB_CASE_REVIEW,
        OFFENSIVE_WEAPONS_HOMICIDE_REVIEW,
    )
}

RULES = tuple((procedure, rule) for procedure in PROCEDURES.values() for rule in procedure.deadlines)

# Keys of deadlines: those of bodies that are asked for information and may be chased, those that a decision meets.
REQUESTS = frozenset(rule.key for _, rule in RULES if rule.chased)
CHAIRS = frozenset(rule.owner for _, rule in RULES if "chair" in rule.owner.split())
DECISIONS = frozenset(
    rule.key for procedure, rule in RULES if rule.owner in CHAIRS and procedure.known_step(rule.met_by[0].step).decides
)

# Deadlines that run up to a day arranged ahead, as panels are: they start on it.
PANELS = frozenset(rule.key for _, rule in RULES if rule.start_answer)

# Who may hold a case, as far as the law says.
HOLDERS = tuple(
    dict.fromkeys(
        holder
        for procedure in PROCEDURES.values()
        for holder in (
            *(stage.held_by for stage in procedure.stages),
            *(holder for _, holder in procedure.hold_holders),
        )
    )
)

NOWHERE: Mapping[str, date] = {}  # no edition was brought into force
CHOICE = timedelta(days=92)  # before and after the day on which a new edition begins
CASE_TYPES: tuple[str, ...] = tuple(dict.fromkeys(procedure.case_type for procedure in PROCEDURES.values()))


def editions_of(case_type: str) -> list[Procedure]:
    return [procedure for procedure in PROCEDURES.values() if procedure.case_type == case_type]


def waiting_editions(case_type: str) -> list[str]:
    """The editions that are in force nowhere until an administrator says from when."""
    return [procedure.edition for procedure in editions_of(case_type) if procedure.in_force_from is None]


def procedure_in_force(case_type: str, on: date, brought_into_force: Mapping[str, date] = NOWHERE) -> Procedure:
    """The edition a case referred on that day runs under: of those that had begun, the one that began last.

    A case referred before the earliest edition began runs under that edition: history is still worth tracking.

    Args:
        brought_into_force: by edition, the day from which it is, where an administrator has said so.

    Raises:
        KeyError: no such case type.
    """
    begins = {procedure.edition: procedure.in_force_from for procedure in editions_of(case_type)}
    begun = sorted((day, edition) for edition, day in {**begins, **brought_into_force}.items() if day)
    if not begun:
        raise KeyError(case_type)
    in_force = [edition for day, edition in begun if day <= on <= (PROCEDURES[edition].in_force_to or date.max)]
    return PROCEDURES[in_force[-1] if in_force else begun[0][1]]


def editions_near(case_type: str, on: date, brought_into_force: Mapping[str, date]) -> list[Procedure]:
    """The editions a referral received on that day may run under.

    One, but near the day on which an edition was brought into force: there the old and the new one, and a person
    chooses, because which of them a death falls under may turn on more than the day of its referral.

    Args:
        brought_into_force: by edition, the day from which it is, where an administrator has said so.
    """
    offered = [procedure_in_force(case_type, on)]
    for edition, begins_on in sorted(brought_into_force.items(), key=lambda begun: begun[1]):
        if on >= begins_on + CHOICE:
            offered = [PROCEDURES[edition]]
        elif on >= begins_on - CHOICE:
            offered.append(PROCEDURES[edition])
    return offered
