"""The first page: to work, for those who have some here; a word of welcome for the others."""

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.policy import Action, may
from tracker.queries.users import all_users
from tracker.web.access import requires, signed_in

pages = Blueprint("home", __name__)

CASES = "cases.index"


@pages.route("/")
@requires()
def show() -> ResponseReturnValue:
    """The cases, for those who read them; who has access, for an administrator; else what to expect."""
    user = signed_in()
    if may(user, Action.READ_CASE) and CASES in current_app.view_functions:
        return redirect(url_for(CASES))
    if may(user, Action.MANAGE_USERS):
        return render_template("home/administrator.html", users=all_users(user))
    return render_template("home/welcome.html", user=user)
