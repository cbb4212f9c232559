"""Local settings in words: what was chosen, and what holds where nothing was."""

from collections.abc import Mapping
from typing import Any

from tracker.models.partnerships import DUE_SOON, LADDER
from tracker.procedures import CASE_TYPES, editions_of, plan_status
from tracker.procedures.ladder import Ladder, ladder_from
from tracker.procedures.periods import UNITS_BEFORE, Period, period_from
from tracker.procedures.settings import COMPLAINTS_NEEDED, LIMBS, limb_from
from tracker.procedures.threshold import MOST_COMPLAINTS_NEEDED, SHROPSHIRE_LIMBS, Limb
from tracker.procedures.vocabulary import DeadlineRule, Procedure
from tracker.web.case_words import listed
from tracker.web.filters import quantity


def rule_of(key: str) -> tuple[Procedure, DeadlineRule] | None:
    """The deadline that a setting is about, in the first edition that has it."""
    kind, _, name = key.partition(".")
    editions = editions_of(kind) if kind in CASE_TYPES else []
    return next(((edition, rule) for edition in editions if (rule := edition.deadline(name))), None)


def known_rule(key: str) -> tuple[Procedure, DeadlineRule]:
    """The same of a key that is known to be one. Raises LookupError otherwise."""
    if found := rule_of(key):
        return found
    raise LookupError(key)


def in_words(key: str, value: Any) -> str:
    """A choice as a reader sees it."""
    if isinstance(value, Mapping) and (found := rule_of(key)):
        return "; ".join(parts_of_rule(*found, value))
    match value:
        case None:
            return "Withdrawn"
        case bool():
            return "Yes" if value else "No"
        case int() if key == DUE_SOON:
            return days_before(value)
        case list():
            return limbs_in_words([limb_from(limb) for limb in value])
        case dict() if key == LADDER:
            return ladder_in_words(ladder_from({part: days for part, days in value.items() if part != "deadlines"}))
        case dict():
            return ", ".join(str(part) for part in value.values() if part)
    return str(value)


def parts_of_rule(procedure: Procedure, rule: DeadlineRule, value: Mapping[str, Any]) -> list[str]:
    """The length that was chosen, then what starts and what meets it where that is not as usual."""
    found = []
    if "length" in value:
        found.append(length_of(rule, value).words())
    starts, met_by = value.get("from", ""), value.get("met_by", "")
    if starts and starts != rule.starts[0].step:
        found.append(f"from “{procedure.known_step(starts).phrase}”")
    if met_by and met_by != rule.met_by[0].step:
        found.append(f"met by “{procedure.known_step(met_by).phrase}”")
    return found or ["As usual"]


def length_of(rule: DeadlineRule, value: Mapping[str, Any]) -> Period:
    return period_from(value["length"], value["unit"], before=counts_back(rule))


def counts_back(rule: DeadlineRule) -> bool:
    """Whether it runs up to a day that lies ahead."""
    return type(rule.period) in UNITS_BEFORE.values()


def limbs_in_words(limbs: list[Limb] | tuple[Limb, ...]) -> str:
    return ", or ".join(limb.label for limb in limbs)


def ladder_in_words(ladder: Ladder) -> str:
    before = [str(days) for days in sorted(ladder.before, reverse=True)]
    escalates = [str(days) for days in sorted(ladder.escalate)]
    return "; ".join(
        (
            f"{listed(before)} days before, and on the day" if before else "On the day",
            f"{quantity(ladder.after_first, 'day')} after, then every {quantity(ladder.after_every, 'day')}",
            f"to managers {listed(escalates)} days after" if escalates else "never to managers",
        )
    )


def days_before(days: int) -> str:
    return f"{quantity(days, 'day')} before its target"


def usual(key: str) -> str:
    """What holds where nothing was settled."""
    if found := rule_of(key):
        return found[1].period.words()
    kind, _, name = key.partition(".")
    match name:
        case "label":
            return editions_of(kind)[0].title
        case _ if name == COMPLAINTS_NEEDED:
            return str(MOST_COMPLAINTS_NEEDED)
        case _ if name == LIMBS:
            return limbs_in_words(SHROPSHIRE_LIMBS)
        case _ if key == LADDER:
            return ladder_in_words(Ladder())
        case _ if key == DUE_SOON:
            return days_before(plan_status.DUE_SOON)
        case "contact":
            return "The administrator of the partnership"
    return "No"
