"""Signing in and out, and choosing a password."""

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user

from tracker.errors import NotFound, Refused
from tracker.models.users import User
from tracker.services import sign_in as services
from tracker.services.users import choose_password, owner_of_link
from tracker.web.access import local_path, public, requires, signed_in
from tracker.web.sign_in.forms import PasswordForm, SignInForm
from tracker.web.sign_in.late_form import KEPT, are_kept_for, is_late_form, kept_answers

pages = Blueprint("sign_in", __name__)


@pages.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Lets somebody in, and on to the page they had asked for."""
    back_to = local_path(request.args.get("next", "/"))
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(back_to)
    form, answers = SignInForm(), kept_answers()
    if not is_late_form() and form.validate_on_submit():
        try:
            user = services.authenticate(form.email.data, form.password.data)
            go_on = bool(answers) and are_kept_for(user)
            begin_session(user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return send_again(back_to, answers) if go_on else redirect(back_to)
    return render_template("sign_in/sign_in.html", form=form, answers=answers, kept=KEPT)


def send_again(back_to: str, answers: list[tuple[str, str]]) -> ResponseReturnValue:
    """What somebody had sent too late, to be sent now that they are signed in again."""
    return render_template("sign_in/send_again.html", back_to=back_to, answers=answers)


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
    g.pop("csrf_token", None)  # the earlier session's: a form on this very response would be drawn with it
    user.session_token = services.sign_in(user, by=user, user_agent=request.user_agent.string)
    login_user(user)
