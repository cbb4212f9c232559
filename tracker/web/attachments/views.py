"""The files of a case or a plan: what came in, how far each is to be trusted, and the way out of the tracker."""

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from tracker.errors import NotFound, Refused
from tracker.models.attachments import Attachment
from tracker.models.cases import Case
from tracker.models.plans import Plan
from tracker.policy import Action, ensure
from tracker.queries.attachments import attachments_of, find_attachment, number_of_attachments
from tracker.queries.plans import With
from tracker.services.attachments import dispose_of_attachment, intact_path, take_out_attachment
from tracker.web.access import requires, signed_in
from tracker.web.attachments.forms import DisposeForm
from tracker.web.cases.opened import opened_case
from tracker.web.paging import Paged, paged_from
from tracker.web.plans import PLAN
from tracker.web.plans.opened import address_of, plan_or_404

pages = Blueprint("attachments", __name__)

PAGE = 50  # files


@pages.route("/cases/<reference>/files")
@requires(Action.READ_CASE)
def of_case(reference: str) -> ResponseReturnValue:
    """Every file that came with an answer or an update, the latest first."""
    opened = opened_case(reference)
    return render_template(
        "attachments/of_case.html",
        opened=opened,
        files=files_of(opened.case),
        page_href=lambda page: url_for(".of_case", reference=reference, page=page),
    )


@pages.route(f"{PLAN}/files")
@requires(Action.READ_CASE)
def of_plan(number: int) -> ResponseReturnValue:
    """Every file that came as evidence for an action of a plan, the latest first."""
    plan = plan_or_404(number, With.NOTHING)
    return render_template(
        "attachments/of_plan.html",
        plan=plan,
        files=files_of(plan),
        page_href=lambda page: url_for(".of_plan", number=number, page=page),
        back=address_of(plan),
    )


@pages.route("/files/<key>")
@requires(Action.READ_CASE, Action.ANSWER_REQUEST)
def download(key: str) -> ResponseReturnValue:
    """The file, always to be saved and never to be shown in the browser."""
    attachment = attachment_or_404(key)
    take_out_attachment(attachment, by=signed_in())
    return send_file(
        intact_path(attachment),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=attachment.name,
        max_age=0,
    )


@pages.route("/files/<key>/dispose", methods=["GET", "POST"])
@requires(Action.DISPOSE_OF_FILE)
def dispose(key: str) -> ResponseReturnValue:
    """Asks why, and destroys the bytes. What is known of the file stays."""
    attachment = attachment_or_404(key)
    ensure(signed_in(), Action.DISPOSE_OF_FILE, attachment.case, within=attachment.partnership_id)
    back = files_beside(attachment)
    form = DisposeForm()
    if form.validate_on_submit():
        try:
            dispose_of_attachment(attachment, by=signed_in(), reason=form.reason.data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("The file is disposed of. What is known of it is kept.")
            return redirect(back)
    return render_template("attachments/dispose.html", form=form, attachment=attachment, back=back)


def files_of(owner: Case | Plan) -> Paged[Attachment]:
    """The page of its files that was asked for."""
    viewer = signed_in()
    return paged_from(
        lambda first: attachments_of(viewer, owner, first=first, most=PAGE),
        number_of_attachments(viewer, owner),
        PAGE,
    )


def files_beside(attachment: Attachment) -> str:
    """Where the file is listed."""
    if attachment.action is not None:
        return url_for(".of_plan", number=attachment.action.plan_id)
    return url_for(".of_case", reference=attachment.case.reference) if attachment.case else "/"


def attachment_or_404(key: str) -> Attachment:
    """The file of that key, for somebody who may see it."""
    attachment = find_attachment(signed_in(), key)
    if attachment is None:
        raise NotFound
    return attachment
