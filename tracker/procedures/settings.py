"""What a partnership sets for itself: the lengths that are local, and the ASB limbs. Each from a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from tracker.procedures.facts import NotAllowed
from tracker.procedures.periods import Period, WorkingDaysBefore, period_from
from tracker.procedures.threshold import Limb, ThresholdSettings
from tracker.procedures.vocabulary import Authority, DeadlineRule, Procedure, Trigger

ALWAYS = datetime(1900, 1, 1, tzinfo=UTC)  # before anything was recorded


@dataclass(frozen=True, slots=True)
class LocalRule:
    """A deadline as the partnership sets it, from the day it takes effect.

    What was recorded before `known_at`, when it was set, it leaves alone: it changes the length of clocks that still
    run then, and what is recorded later.
    """

    deadline: str
    period: Period | None = None
    starts: str = ""
    met_by: str = ""
    takes_effect_on: date = date.min
    known_at: datetime = ALWAYS

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
class LocalThreshold:
    """What the threshold of an ASB case review asks, from the day it takes effect. None: as before."""

    complaints_needed: int | None = None
    limbs: tuple[Limb, ...] | None = None
    takes_effect_on: date = date.min
    known_at: datetime = ALWAYS

    def applied_to(self, settings: ThresholdSettings) -> ThresholdSettings:
        needed = settings.complaints_needed if self.complaints_needed is None else self.complaints_needed
        return ThresholdSettings(needed, settings.limbs if self.limbs is None else self.limbs)


@dataclass(frozen=True, slots=True)
class Settings:
    """All that is local, in the order in which it was recorded. A clock uses what was in force when it started."""

    rules: tuple[LocalRule, ...] = ()
    threshold: ThresholdSettings = field(default_factory=ThresholdSettings)
    thresholds: tuple[LocalThreshold, ...] = ()

    def rule_on(self, rule: DeadlineRule, day: date, known_at: datetime | None = None) -> DeadlineRule:
        """The rule for a clock that starts on *day*, as it was known at a moment, or is known now."""
        for local in self.in_force(rule.key, day, known_at):
            rule = local.applied_to(rule)
        return rule

    def in_force(self, key: str, day: date, known_at: datetime | None) -> list[LocalRule]:
        """What is set for a deadline on *day*; the last prevails. Without *known_at*, all that is known now."""
        local = (local for local in self.rules if local.deadline == key and local.takes_effect_on <= day)
        found = [local for local in local if known_at is None or local.known_at <= known_at]
        return sorted(found, key=lambda local: local.takes_effect_on)

    def threshold_on(self, day: date, known_at: datetime | None) -> ThresholdSettings:
        """What the tests ask of an application made on *day* and recorded at a moment."""
        settings = self.threshold
        for local in sorted(self.thresholds, key=lambda local: local.takes_effect_on):
            if local.takes_effect_on <= day and (known_at is None or local.known_at <= known_at):
                settings = local.applied_to(settings)
        return settings


def local_rule(
    procedure: Procedure,
    key: str,
    given: Mapping[str, object],
    takes_effect_on: date = date.min,
    known_at: datetime = ALWAYS,
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
    return LocalRule(key, period, starts, met_by, takes_effect_on, known_at)


COMPLAINTS_NEEDED, LIMBS = "complaints_needed", "limbs"
MOST_LIMBS, MOST_COUNT, MOST_MONTHS = 6, 20, 60


def local_threshold(
    key: str, given: object, takes_effect_on: date = date.min, known_at: datetime = ALWAYS
) -> LocalThreshold:
    """What partnerships write of the threshold: `complaints_needed` as a number, `limbs` as a list of objects.

    A limb: {"count": 3, "months": 6, "hate": false, "different_people": false, "last_report_within_months": null}.

    Raises:
        NotAllowed: anything else, or numbers out of range.
    """
    if key == COMPLAINTS_NEEDED:
        return LocalThreshold(number_within(given, MOST_COUNT, key), None, takes_effect_on, known_at)
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_LIMBS:
        raise NotAllowed(f"The local test has 1 to {MOST_LIMBS} limbs", field=key)
    return LocalThreshold(None, tuple(limb_from(limb) for limb in given), takes_effect_on, known_at)


def limb_from(given: object) -> Limb:
    """One way to meet the local test, labelled by what it asks. Raises NotAllowed."""
    known = {"count", "months", "hate", "different_people", "last_report_within_months"}
    if not isinstance(given, Mapping) or set(given) - known:
        raise NotAllowed("A limb has a count, months, and what else it asks", field=LIMBS)
    hate, different = given.get("hate", False), given.get("different_people", False)
    if not isinstance(hate, bool) or not isinstance(different, bool):
        raise NotAllowed("Whether a limb asks for hate or different people is yes or no", field=LIMBS)
    count = number_within(given.get("count"), MOST_COUNT, LIMBS)
    months = number_within(given.get("months"), MOST_MONTHS, LIMBS)
    recent = given.get("last_report_within_months")
    within = None if recent is None else number_within(recent, MOST_MONTHS, LIMBS)
    key = f"{count}_in_{months}{'_hate' * hate}{'_people' * different}{f'_last_{within}' if within else ''}"
    return Limb(key, limb_label(count, months, hate, different, within), count, months, hate, different, within)


def limb_label(count: int, months: int, hate: bool, different: bool, within: int | None) -> str:
    """A limb in words: "3 incidents reported by the same person in 6 months"."""
    what = f"{'hate-motivated ' * hate}incident{'' if count == 1 else 's'}"
    who = f" reported by {'a person' if count == 1 else 'different people'}" if different else ""
    who = who or ("" if hate else " reported by the same person")
    recent = f", the last within {within} month{'' if within == 1 else 's'}" if within else ""
    return f"{count} {what}{who} in {months} month{'' if months == 1 else 's'}{recent}"


def number_within(given: object, most: int, field: str) -> int:
    """The whole number from 1 to *most*. Raises NotAllowed."""
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= most:
        raise NotAllowed(f"Enter a whole number from 1 to {most}", field=field)
    return given
