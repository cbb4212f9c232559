"""What may be recorded of an action, each with its form and the use-case it is sent to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tracker.models.plans import PlannedAction
from tracker.models.users import User
from tracker.policy import Action
from tracker.procedures.plan_status import LIVE, STATUS_WORDS, Happening, may_happen
from tracker.queries.partnerships import agency_names
from tracker.queries.plans import live_beside
from tracker.services import actions, progress
from tracker.services.verification import why_not_verify
from tracker.web.access import may
from tracker.web.forms import RecordingForm
from tracker.web.plans.action_forms import (
    ChangedActionForm,
    ClaimForm,
    EndForm,
    ImpactForm,
    MoveForm,
    SupersedeForm,
    UpdateForm,
    VerifyForm,
)
from tracker.web.plans.opened import Pairs


@dataclass(frozen=True, slots=True)
class Record:
    """Something to record. `send` returns whether it was recorded; if not, the form says why.

    Without a `happening` the action itself is changed, which is open while it lives. `now`: what stands there already.
    """

    heading: str
    form: Callable[[PlannedAction], Any]
    happening: Happening | None
    needs: Action
    send: Callable[[PlannedAction, Any, dict[str, Any]], bool]
    now: Callable[[PlannedAction], Pairs] = lambda action: [("It is now", STATUS_WORDS[action.status])]

    def is_open_to(self, action: PlannedAction) -> bool:
        plan = action.plan
        fits = may_happen(action.status, self.happening) if self.happening else action.status in LIVE
        return fits and may(self.needs, plan.case, within=plan.partnership_id)


def update(action: PlannedAction, form: Any, sent: dict[str, Any]) -> bool:
    progress.report_progress(action, on=form.on.data, text=form.text.data, state=form.state.data, **sent)
    return True


def claim(action: PlannedAction, form: Any, sent: dict[str, Any]) -> bool:
    evidence = [{"link": form.link.data}] if form.link.data else []
    progress.claim_complete(action, on=form.on.data, text=form.text.data, evidence=evidence, **sent)
    return True


def verify(action: PlannedAction, form: Any, sent: dict[str, Any]) -> bool:
    upheld = form.upheld.data == "yes"
    progress.verify_action(action, on=form.on.data, text=form.text.data, upheld=upheld, **sent)
    return True


def impact(action: PlannedAction, form: Any, sent: dict[str, Any]) -> bool:
    progress.check_impact(action, on=form.on.data, text=form.text.data, months=int(form.months.data), **sent)
    return True


def move(action: PlannedAction, form: Any, sent: dict[str, Any]) -> bool:
    target = form.read_target()
    if target is None:
        return False
    actions.move_target(action, target=target, reason=form.reason.data, **sent)
    return True


def change(action: PlannedAction, form: Any, sent: dict[str, Any]) -> bool:
    actions.change_action(action, **form.words(), **sent)
    return True


def supersede(action: PlannedAction, form: Any, sent: dict[str, Any]) -> bool:
    chosen = next(other for other in live_beside(action) if str(other.id) == form.superseded_by.data)
    actions.end_action(action, reason=form.reason.data, superseded_by=chosen, **sent)
    return True


def stop(action: PlannedAction, form: Any, sent: dict[str, Any]) -> bool:
    actions.end_action(action, reason=form.reason.data, **sent)
    return True


def reopen(action: PlannedAction, form: Any, sent: dict[str, Any]) -> bool:
    actions.reopen_action(action, reason=form.reason.data, **sent)
    return True


def plain(form: type[RecordingForm]) -> Callable[[PlannedAction], RecordingForm]:
    """The form, empty."""
    return lambda action: form(version=action.plan.version)


def changing(action: PlannedAction) -> ChangedActionForm:
    form = ChangedActionForm.as_it_is(action)
    form.lead_agency.suggestions = agency_names(action.partnership_id)
    return form


def superseding(action: PlannedAction) -> SupersedeForm:
    return SupersedeForm.of(action, live_beside(action))


def words_now(action: PlannedAction) -> Pairs:
    return [
        ("What is to be done", action.text),
        ("Lead agency", action.lead_agency or "Nobody yet"),
        ("Owner", action.owner or "Nobody yet"),
        ("Milestones", action.milestones or "None"),
    ]


KEEP, VERIFY = Action.KEEP_PLAN, Action.VERIFY_ACTION
RECORDS = {
    "verify": Record("Verify the claim", plain(VerifyForm), Happening.VERIFIED, VERIFY, verify),
    "update": Record("Add an update", plain(UpdateForm), Happening.UPDATED, KEEP, update),
    "claim": Record("Claim it complete", plain(ClaimForm), Happening.CLAIMED, KEEP, claim),
    "impact": Record("Check what it changed", plain(ImpactForm), Happening.IMPACT_CHECKED, KEEP, impact),
    "move": Record("Move its target", plain(MoveForm), Happening.TARGET_MOVED, KEEP, move),
    "change": Record("Change its words or lead", changing, None, KEEP, change, words_now),
    "supersede": Record("Put another in its place", superseding, Happening.SUPERSEDED, KEEP, supersede),
    "stop": Record("Stop it", plain(EndForm), Happening.STOPPED, KEEP, stop),
    "reopen": Record("Take it up again", plain(EndForm), Happening.REOPENED, KEEP, reopen),
}


def records_for(action: PlannedAction, viewer: User) -> list[tuple[str, Record]]:
    """What this person may record of the action as it stands."""
    found = [(key, record) for key, record in RECORDS.items() if record.is_open_to(action)]
    return [(key, record) for key, record in found if key != "verify" or not why_not_verify(action, viewer)]
