"""What each person settles for themselves."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.queries.calendar_feeds import current_feed
from tracker.services.calendar_feeds import create_calendar_link, revoke_calendar_link
from tracker.web.access import requires, signed_in
from tracker.web.frame import ROLE_WORDS

pages = Blueprint("account", __name__, url_prefix="/account")


@pages.route("")
@requires()
def show() -> ResponseReturnValue:
    """Who they are here, and what they may settle."""
    viewer = signed_in()
    roles = [f"{ROLE_WORDS[held.role].capitalize()}, {held.partnership.name}" for held in viewer.memberships]
    return render_template("account/show.html", viewer=viewer, roles=roles, feed=current_feed(viewer))


@pages.route("/calendar", methods=["GET", "POST"])
@requires()
def calendar() -> ResponseReturnValue:
    """Makes a calendar link, shown once, or ends the one there is."""
    viewer, wanted = signed_in(), request.form.get("link")
    if wanted == "new":
        token = create_calendar_link(viewer, by=viewer)
        address = f"{current_app.config['SITE_URL']}{url_for('calendar.own', token=token)}"
        return render_template("account/calendar_link.html", address=address)
    if wanted == "none":
        revoke_calendar_link(viewer, by=viewer)
        flash("Your calendar link no longer works.")
        return redirect(url_for(".calendar"))
    return render_template("account/calendar.html", feed=current_feed(viewer))
