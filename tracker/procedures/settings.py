"""What a partnership sets for itself: the lengths that are local, and the ASB limbs. Each from a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from tracker.procedures.facts import NotAllowed
from tracker.procedures.periods import Period, WorkingDaysBefore, period_from
from tracker.procedures.threshold import ThresholdSettings
from tracker.procedures.vocabulary import Authority, DeadlineRule, Procedure, Trigger


@dataclass(frozen=True, slots=True)
class LocalRule:
    """A deadline as the partnership sets it, from the day it takes effect."""

    deadline: str
    period: Period | None = None
    starts: str = ""
    met_by: str = ""
    takes_effect_on: date = date.min

    def applied_to(self, rule: DeadlineRule) -> DeadlineRule:
        changed = rule
        if self.period is not None:
            changed = replace(changed, period=self.period)
        if self.starts:
            changed = replace(changed, starts=(Trigger(self.starts),))
        if self.met_by:
            # The later steps of the list meet it too: a step that was never recorded leaves no clock running.
            later = rule.met_by_settings[rule.met_by_settings.index(self.met_by) :]
            changed = replace(changed, met_by=tuple(Trigger(step) for step in later))
        return changed


@dataclass(frozen=True, slots=True)
class Settings:
    """All that is local. A clock uses what was in force on the day it started."""

    rules: tuple[LocalRule, ...] = ()
    threshold: ThresholdSettings = field(default_factory=ThresholdSettings)

    def rule_on(self, rule: DeadlineRule, day: date) -> DeadlineRule:
        in_force = [local for local in self.rules if local.deadline == rule.key and local.takes_effect_on <= day]
        for local in sorted(in_force, key=lambda local: local.takes_effect_on):
            rule = local.applied_to(rule)
        return rule


def local_rule(
    procedure: Procedure, key: str, given: Mapping[str, object], takes_effect_on: date = date.min
) -> LocalRule:
    """A setting as files write it: {"length": 10, "unit": "working_days", "from": "acknowledged"}.

    Raises:
        NotAllowed: no such deadline, unit, length or step, or a length that statute sets.
    """
    rule = procedure.deadline(key)
    if rule is None:
        raise NotAllowed(f"{procedure.title} has no deadline “{key}”", field=f"settings.{key}")
    if rule.source.authority is Authority.STATUTE and not rule.length_is_local:
        raise NotAllowed(f"{rule.label}: the length is set by statute", field=f"settings.{key}")
    unknown = set(given) - {"length", "unit", "from", "met_by"}
    if unknown:
        raise NotAllowed(f"“{sorted(unknown)[0]}” is not part of a setting", field=f"settings.{key}")
    starts, met_by = str(given.get("from", "")), str(given.get("met_by", ""))
    if starts and procedure.step(starts) is None:
        raise NotAllowed(f"There is no step “{starts}”", field=f"settings.{key}.from")
    if met_by and met_by not in rule.met_by_settings:
        allowed = ", ".join(rule.met_by_settings) or "nothing else"
        raise NotAllowed(f"{rule.label} may be met by {allowed}", field=f"settings.{key}.met_by")
    period = None
    if "length" in given or "unit" in given:
        length, unit = given.get("length"), given.get("unit")
        if isinstance(length, bool) or not isinstance(length, int) or not isinstance(unit, str):
            raise NotAllowed("A setting needs a whole number as length, and a unit", field=f"settings.{key}")
        try:
            period = period_from(length, unit, before=isinstance(rule.period, WorkingDaysBefore))
        except ValueError as fault:
            raise NotAllowed(str(fault), field=f"settings.{key}") from None
    return LocalRule(key, period, starts, met_by, takes_effect_on)
