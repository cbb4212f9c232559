"""What an agency reports about an action that it leads: how far it has come, or that it is done."""

from collections.abc import Sequence
from datetime import date

from tracker import clock
from tracker.errors import Refused
from tracker.models.item_links import ItemLink
from tracker.models.plan_projection import project_action
from tracker.models.plans import ActionEvent, PlannedAction
from tracker.models.users import User
from tracker.procedures.plan_status import Happening
from tracker.services.actions import happened
from tracker.services.attachments import Kept, action_attachment_rows
from tracker.services.item_links import ensure_opens
from tracker.services.plans import once_on_plan, take_plan
from tracker.services.progress import STATES
from tracker.services.texts import words
from tracker.services.use_case import use_case

COMPLETE = "complete"


@use_case
@once_on_plan
def report_on_action(
    action: PlannedAction,
    *,
    by: User | None,
    state: str,
    text: str,
    expected_on: date | None = None,
    files: Sequence[Kept] = (),
    link: ItemLink | None = None,
    version: int | None = None,
    submission_key: str | None = None,
) -> ActionEvent:
    """Record an agency's own update of today; or, where it is complete, its claim, which somebody else verifies.

    Args:
        state: not_started, in_progress, blocked or complete. *link*: by which somebody without an account came.

    Raises:
        NotFound: neither *by* nor the link opens this action. Refused: nothing is said, or it cannot be claimed now.
    """
    ensure_opens(action, by, link)
    take_plan(action.plan, version, submission_key)
    if state not in (*STATES, COMPLETE):
        raise Refused("Select how far it has come", field="state")
    said = words("text", text, required="Enter what has been done")
    claims = state == COMPLETE
    kind = Happening.CLAIMED if claims else Happening.UPDATED
    event = happened(
        action,
        kind,
        by=by,
        on=clock.today(),
        text=said,
        state="" if claims else state,
        expected_on=None if claims else expected_on,
    )
    action_attachment_rows(files, action=action, event=event, by=by)
    project_action(action)
    return event
