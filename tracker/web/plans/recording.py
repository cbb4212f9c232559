"""What may be recorded of an action, each with its form and the use-case it is sent to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tracker.models.plans import PlannedAction
from tracker.models.users import User
from tracker.policy import Action
from tracker.procedures.plan_status import Happening, may_happen
from tracker.services import actions
from tracker.web.access import may
from tracker.web.plans.forms import ClaimForm, EndForm, ImpactForm, MoveForm, UpdateForm, VerifyForm


@dataclass(frozen=True, slots=True)
class Record:
    """Something to record. `send` returns whether it was recorded; if not, the form says why."""

    heading: str
    form: type[Any]
    happening: Happening
    needs: Action
    send: Callable[[PlannedAction, Any, dict[str, Any]], bool]

    def is_open_to(self, action: PlannedAction) -> bool:
        plan = action.plan
        return may_happen(action.status, self.happening) and may(self.needs, plan.case, within=plan.partnership_id)


def update(action: PlannedAction, form: Any, sent: dict[str, Any]) -> bool:
    actions.report_progress(action, on=form.on.data, text=form.text.data, state=form.state.data, **sent)
    return True


def claim(action: PlannedAction, form: Any, sent: dict[str, Any]) -> bool:
    evidence = [{"link": form.link.data}] if form.link.data else []
    actions.claim_complete(action, on=form.on.data, text=form.text.data, evidence=evidence, **sent)
    return True


def verify(action: PlannedAction, form: Any, sent: dict[str, Any]) -> bool:
    upheld = form.upheld.data == "yes"
    actions.verify_action(action, on=form.on.data, text=form.text.data, upheld=upheld, **sent)
    return True


def impact(action: PlannedAction, form: Any, sent: dict[str, Any]) -> bool:
    actions.check_impact(action, on=form.on.data, text=form.text.data, months=int(form.months.data), **sent)
    return True


def move(action: PlannedAction, form: Any, sent: dict[str, Any]) -> bool:
    target = form.read_target()
    if target is None:
        return False
    actions.move_target(action, target=target, reason=form.reason.data, **sent)
    return True


def stop(action: PlannedAction, form: Any, sent: dict[str, Any]) -> bool:
    actions.end_action(action, reason=form.reason.data, **sent)
    return True


def reopen(action: PlannedAction, form: Any, sent: dict[str, Any]) -> bool:
    actions.reopen_action(action, reason=form.reason.data, **sent)
    return True


KEEP, VERIFY = Action.KEEP_PLAN, Action.VERIFY_ACTION
RECORDS = {
    "verify": Record("Verify the claim", VerifyForm, Happening.VERIFIED, VERIFY, verify),
    "update": Record("Add an update", UpdateForm, Happening.UPDATED, KEEP, update),
    "claim": Record("Claim it complete", ClaimForm, Happening.CLAIMED, KEEP, claim),
    "impact": Record("Check what it changed", ImpactForm, Happening.IMPACT_CHECKED, KEEP, impact),
    "move": Record("Move its target", MoveForm, Happening.TARGET_MOVED, KEEP, move),
    "stop": Record("Stop it", EndForm, Happening.STOPPED, KEEP, stop),
    "reopen": Record("Take it up again", EndForm, Happening.REOPENED, KEEP, reopen),
}


def records_for(action: PlannedAction, viewer: User) -> list[tuple[str, Record]]:
    """What this person may record of the action as it stands."""
    found = [(key, record) for key, record in RECORDS.items() if record.is_open_to(action)]
    barred = actions.why_not_verify(action, viewer)
    return [(key, record) for key, record in found if key != "verify" or not barred]
