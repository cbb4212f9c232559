"""A plan as files hold it: recommendations, and the actions under each."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from tracker.procedures.plan_status import Status
from tracker.procedures.target_dates import Target, read_target

NO_TARGET = Target()


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action and how far it has come. `rating` is computed: one that is read from a file means nothing."""

    text: str
    lead_agency: str = ""
    owner: str = ""
    milestones: str = ""
    target: Target = NO_TARGET
    completed_text: str = ""
    completed_on: date | None = None
    outcome: str = ""
    status: Status = Status.NOT_STARTED
    rating: str | None = None
    source: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "lead_agency": self.lead_agency,
            "milestones": self.milestones,
            "status": self.status.value,
            "rag": self.rating,
            "target": target_as_json(self.target),
            "completed": {"text": self.completed_text, "on": iso(self.completed_on)},
            "outcome": self.outcome,
            **({"owner": self.owner} if self.owner else {}),
        }


@dataclass(frozen=True, slots=True)
class RecommendationLine:
    """A recommendation with its actions, in the order of the plan."""

    number: str
    text: str
    scope: str = ""
    addressees: tuple[Mapping[str, Any], ...] = ()
    actions: tuple[ActionLine, ...] = ()
    multi_agency: bool | None = None
    finding: str = ""
    themes: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        optional: dict[str, Any] = {"finding": self.finding, "themes": list(self.themes)}
        if self.multi_agency is not None:
            optional["multi_agency"] = self.multi_agency
        return {
            "number": self.number,
            "text": self.text,
            "scope": self.scope,
            "addressees": [dict(addressee) for addressee in self.addressees],
            "actions": [action.as_json() for action in self.actions],
            **{key: value for key, value in optional.items() if value not in ("", [])},
        }


def target_as_json(target: Target) -> dict[str, Any]:
    """The target; one to be reviewed has the day to do so for its last.

    One that waits on an event has how long after it ends where its text does not say so.
    """
    shown: dict[str, Any] = {
        "text": target.text,
        "from": iso(target.since),
        "to": iso(target.until or target.review_by),
        "precision": target.precision,
    }
    if target.event:
        shown["event"] = target.event
        is_longer = target.months or target.days
        if is_longer and read_target(target.text) != replace(
            target, until=None
        ):  # the text does not tell: it was asked
            shown |= {"months": target.months, "days": target.days}
    return shown


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
