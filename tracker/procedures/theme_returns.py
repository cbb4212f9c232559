"""When a theme of findings is done with in a plan, and when it came back. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ThemeInPlan:
    """A theme in one plan: how many findings, recommendations and actions, those that are open and those done.

    `began_on`: the day the review was referred; for a plan of the partnership's own, the day it was begun.
    `last_done_on`: the day of the last claim; none where any action is said to be done on a day nobody wrote down.
    """

    theme: str
    plan_id: int
    began_on: date
    findings: int
    recommendations: int
    open: int
    done: int
    last_done_on: date | None

    @property
    def done_on(self) -> date | None:
        """The day from which the plan was done with the theme; none while anything is open, or nothing was done."""
        return self.last_done_on if self.done and not self.open else None


@dataclass(frozen=True, slots=True)
class Return:
    """A theme that came back: the plan that was done with it, and the later one that found it again."""

    after: ThemeInPlan
    again: ThemeInPlan


def returns_of(plans: Iterable[ThemeInPlan]) -> list[Return]:
    """How often one theme came back after it was done, the latest return first.

    It came back in a plan that began after the day on which another plan was done with it: by then each action under
    that plan's findings with the theme was claimed complete (and perhaps verified), or had been stopped or superseded,
    and at least one was claimed. A review that was running already looks at the time before, so it does not count. Each
    later plan counts once, after the one that was done last.
    """
    plans, found = list(plans), []
    for again in plans:
        done = [(other.done_on, other.plan_id, other) for other in plans if other.plan_id != again.plan_id]
        before = [each for each in done if each[0] is not None and each[0] < again.began_on]
        if before:
            found.append(Return(max(before)[2], again))
    return sorted(found, key=lambda each: (each.again.began_on, each.again.plan_id), reverse=True)
