"""Signing in and out, and choosing a password."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user

from tracker.errors import NotFound, Refused
from tracker.models.users import User
from tracker.services import sign_in as services
from tracker.services.users import choose_password, owner_of_link
from tracker.web.access import local_path, public, requires, signed_in
from tracker.web.sign_in.forms import PasswordForm, SignInForm

pages = Blueprint("sign_in", __name__)


@pages.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Lets somebody in, and on to the page they had asked for."""
    back_to = local_path(request.args.get("next", "/"))
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(back_to)
    form = SignInForm()
    if form.validate_on_submit():
        try:
            begin_session(services.authenticate(form.email.data, form.password.data))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect(back_to)
    return render_template("sign_in/sign_in.html", form=form)


@pages.route("/sign-out", methods=["POST"])
@requires()
def sign_out() -> ResponseReturnValue:
    """Ends the session here and in the database."""
    user = signed_in()
    services.sign_out(user, by=user, token=user.session_token)
    session.clear()
    flash("You have signed out.")
    return redirect(url_for(".sign_in"))


@pages.route("/set-password/<token>", methods=["GET", "POST"])
@public
def set_password(token: str) -> ResponseReturnValue:
    """Takes a new password from whoever holds a one-time link."""
    form = PasswordForm()
    try:
        if form.validate_on_submit():
            choose_password(token, form.chosen())
            flash("Your password has been saved. Sign in with it.")
            return redirect(url_for(".sign_in"))
        if request.method == "GET" and owner_of_link(token) is None:
            raise NotFound
    except Refused as refusal:
        form.refuse(refusal)
    except NotFound:
        return render_template("sign_in/link_no_longer_works.html"), 404
    return render_template("sign_in/set_password.html", form=form)


def begin_session(user: User) -> None:
    """Signs *user* in. Nothing of an earlier session survives, so that nobody can plant one and wait."""
    if current_user.is_authenticated:
        earlier = signed_in()
        services.sign_out(earlier, by=earlier, token=earlier.session_token)
    session.clear()
    user.session_token = services.sign_in(user, by=user, user_agent=request.user_agent.string)
    login_user(user)
