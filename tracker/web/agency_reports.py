"""An agency's update of an action on its way in, whether its contact has signed in or opened a link."""

from tracker.errors import Refused
from tracker.models.item_links import ItemLink
from tracker.models.plans import PlannedAction
from tracker.models.users import User
from tracker.services.agency_reports import report_on_action
from tracker.services.attachments import kept
from tracker.services.plans import PlanResent
from tracker.web.answer_forms import ReportForm


def reported(form: ReportForm, action: PlannedAction, *, by: User | None, link: ItemLink | None = None) -> bool:
    """Whether the update is on record, now or since the form was first sent; else the form says why not."""
    try:
        with kept(form.file.content, form.file.name_given) as files:
            report_on_action(
                action,
                by=by,
                state=form.state.data,
                text=form.text.data,
                expected_on=form.expected_on.data,
                files=files,
                link=link,
                submission_key=form.submission.data,
            )
    except PlanResent:
        return True
    except Refused as refusal:
        form.refuse(refusal)
        return False
    return True
