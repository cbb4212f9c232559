"""What a what-if may suppose of a partnership: the `settings` it adds to a case file.

A deadline's length: {"threshold": {"length": 10, "unit": "working_days"}}. The threshold of an ASB case review:
{"complaints_needed": 2, "limbs": [{"count": 3, "months": 6}]}. The day of an edition that waits for one:
{"dardr-2024": {"in_force_from": "2027-04-01"}}.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from tracker.procedures.facts import NotAllowed
from tracker.procedures.settings import COMPLAINTS_NEEDED, LIMBS, Settings, local_rule, local_threshold
from tracker.procedures.vocabulary import Procedure

IN_FORCE_FROM = "in_force_from"

Complain = Callable[[str, str], None]  # the field, and what is wrong with it


def supposed_editions(
    given: Mapping[str, object], waiting: Iterable[str], day: Callable[[object], date], complain: Complain
) -> dict[str, date]:
    """By edition, the day from which the what-if supposes it to be in force."""
    begun: dict[str, date] = {}
    for edition in waiting:
        if (setting := given.get(edition)) is None:
            continue
        try:
            if not isinstance(setting, dict) or set(setting) != {IN_FORCE_FROM}:
                raise ValueError(f"must be an object with {IN_FORCE_FROM}")
            begun[edition] = day(setting[IN_FORCE_FROM])
        except ValueError as wrong:
            complain(f"settings.{edition}", str(wrong))
    return begun


def supposed_settings(procedure: Procedure, given: Mapping[str, object], complain: Complain) -> Settings:
    """The lengths and the threshold that the what-if supposes for its procedure."""
    rules, thresholds = [], []
    for key, setting in given.items():
        try:
            if procedure.takes_complaints and key in (COMPLAINTS_NEEDED, LIMBS):
                thresholds.append(local_threshold(key, setting))
            elif isinstance(setting, dict):
                rules.append(local_rule(procedure, key, setting))
            else:
                complain(f"settings.{key}", "must be a JSON object")
        except NotAllowed as refused:
            field = refused.field if refused.field.startswith("settings.") else f"settings.{refused.field}"
            complain(field, refused.message)
    return Settings(tuple(rules), thresholds=tuple(thresholds))
