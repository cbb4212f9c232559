"""What somebody was told: the same words as the mail, so that nothing depends on mail."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import NotFound
from tracker.models.messages import MessageState
from tracker.queries.messages import checked, find_notice, notices_of
from tracker.services.notices import read_notices
from tracker.web.access import requires, signed_in

pages = Blueprint("notices", __name__, url_prefix="/notices")

BY_MAIL = {
    MessageState.WAITING: "The mail has not gone out yet",
    MessageState.SENT: "Also sent by mail",
    MessageState.FAILED: "The mail could not be sent",
    MessageState.CANCELLED: "Not sent by mail",
}


@pages.route("", methods=["GET", "POST"])
@requires()
def index() -> ResponseReturnValue:
    """The latest notices; sending the form marks every one as read."""
    viewer = signed_in()
    if request.method == "POST" and viewer.unread_notices:
        read_notices(viewer, by=viewer)
        flash("All notices are marked as read.")
        return redirect(url_for(".index"))
    return render_template("notices/index.html", told=notices_of(viewer), by_mail=BY_MAIL)


@pages.route("/<message_id>")
@requires()
def show(message_id: str) -> ResponseReturnValue:
    """One notice in its words: what still holds of it today."""
    notice = find_notice(signed_in(), message_id)
    if notice is None:
        raise NotFound
    return render_template(
        "notices/show.html", notice=notice, found=checked(notice.id, clock.today()), by_mail=BY_MAIL[notice.state]
    )
