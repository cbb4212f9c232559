"""A case's history as PDF, as a page or a file to read anywhere, and as data. Recorded before it is given out."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from tracker.errors import Refused
from tracker.exports.history_files import history_file
from tracker.exports.history_html import record
from tracker.extensions import reads
from tracker.policy import Action, ensure
from tracker.queries.histories import history_of
from tracker.queries.history_parts import MARKING, History
from tracker.services.exports import export_history
from tracker.web.access import requires, signed_in
from tracker.web.exports.forms import ExportForm
from tracker.web.finding import case_or_404

pages = Blueprint("exports", __name__, url_prefix="/cases/<reference>/history")


@pages.route("/export", methods=["GET", "POST"])
@pages.route("/export.<any(pdf, html, json):chosen>", methods=["GET", "POST"])
@requires(Action.EXPORT_HISTORY)
def history(reference: str, chosen: str = "") -> ResponseReturnValue:
    """Asks in which format and why, with one format *chosen* by the address; then gives out the record."""
    case, user = case_or_404(reference), signed_in()
    ensure(user, Action.EXPORT_HISTORY, case)
    form = ExportForm(format="page" if chosen == "html" else chosen)
    if form.validate_on_submit():
        wanted, reason = form.format.data, form.reason.data
        try:
            export_history(case, by=user, format=wanted, reason=reason)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            with reads():  # making the record takes a while, and must not hold up whoever writes
                return given_out(history_of(case, by=user, format=wanted, reason=reason))
    return render_template("exports/history.html", case=case, form=form, marking=MARKING)


def given_out(record_of: History) -> ResponseReturnValue:
    """The record as a page, or as a file to be kept."""
    if record_of.export.format == "page":
        return render_template("exports/page.html", **record(record_of))
    made = history_file(record_of)
    response = Response(made.content, mimetype=made.kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response
