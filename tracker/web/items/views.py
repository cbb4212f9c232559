"""One request, opened by the link that an agency was sent. No account, no case, nothing else."""

import secrets

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import Refused
from tracker.models.cases import Deadline
from tracker.models.item_links import ItemLink
from tracker.queries.requests import asked_of, last_time_request, request_of_link
from tracker.services.attachments import kept
from tracker.services.cases import Resent, refuse_resent
from tracker.services.item_links import ask_for_link, is_link, open_item
from tracker.services.requests import answer_request, ask_for_time
from tracker.web.access import public
from tracker.web.answer_forms import AnswerForm, MoreTimeForm
from tracker.web.items.forms import AskForm, OpenForm
from tracker.web.limits import takes_files

pages = Blueprint("items", __name__, url_prefix="/item")

BROWSER = "item_browser"  # in the cookie: what this browser is known by to the links it opened


@pages.after_request
def keep_to_itself(response: Response) -> Response:
    """The address is the key, so no page it leads to is told more of it than the name of the site."""
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


@pages.route("/<token>", methods=["GET", "POST"])
@public
@takes_files
def show(token: str) -> ResponseReturnValue:
    """A button to open the request; once it is open in this browser, the request and the form that answers it."""
    if "open" in request.args:
        return let_in(token)
    if BROWSER not in session:
        return closed(token)
    form = AnswerForm(version=1)
    if was_sent(form):
        return redirect(url_for(".thanks"))
    link, asked = opened(token)
    if link is None or asked is None:
        return closed(token)
    if form.validate_on_submit():
        try:
            with kept(form.file.content, form.file.name_given) as files:
                answer_request(
                    asked,
                    by=None,
                    nil=form.sent.data == "nil",
                    note=form.note.data,
                    files=files,
                    link=link,
                    submission_key=form.submission.data,
                )
        except Resent:
            return redirect(url_for(".thanks"))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".thanks"))
    time = last_time_request(asked)
    return render_template(
        "items/show.html", form=form, asked=asked_of(asked), time=time, token=token, link=link, today=clock.today()
    )


@pages.route("/<token>/more-time", methods=["GET", "POST"])
@public
def more_time(token: str) -> ResponseReturnValue:
    """Asks for a later day."""
    link, asked = opened(token) if BROWSER in session else (None, None)
    if link is None or asked is None:
        return gone()
    form = MoreTimeForm(version=1)
    if form.validate_on_submit():
        try:
            ask_for_time(asked, by=None, until=form.until.data, reason=form.reason.data, link=link)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("You have asked for more time. The date stays as it is until somebody agrees.")
            return redirect(url_for(".show", token=token))
    return render_template("items/more_time.html", form=form, asked=asked_of(asked), token=token, today=clock.today())


@pages.route("/answered")
@public
def thanks() -> ResponseReturnValue:
    """Says that the answer is recorded."""
    return render_template("items/thanks.html")


@pages.route("/new-link", methods=["GET", "POST"])
@public
def new_link() -> ResponseReturnValue:
    """Takes an address and says the same to every one."""
    form = AskForm()
    if form.validate_on_submit():
        try:
            ask_for_link(form.email.data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return render_template("items/asked_for.html")
    return render_template("items/new_link.html", form=form)


def let_in(token: str) -> ResponseReturnValue:
    """Has this browser known to the link, where its button was pressed."""
    if OpenForm().validate_on_submit():
        browser = session.setdefault(BROWSER, secrets.token_urlsafe(16))
        if open_item(token, browser, new_browser=True) is not None:
            return redirect(url_for(".show", token=token))
    return gone()


def closed(token: str) -> ResponseReturnValue:
    """The button, while the link works; else, whatever the reason, that it does not."""
    if request.method == "GET" and is_link(token):
        return render_template("items/closed.html", form=OpenForm(), token=token)
    return gone()


def was_sent(form: AnswerForm) -> bool:
    """Whether this very form was recorded before: the first time used the link up."""
    try:
        refuse_resent(form.submission.data if request.method == "POST" else None)
    except Resent:
        return True
    return False


def opened(token: str) -> tuple[ItemLink | None, Deadline | None]:
    """The link and its request, where this browser may use it."""
    link = open_item(token, session[BROWSER])
    return link, request_of_link(link) if link else None


def gone() -> ResponseReturnValue:
    return render_template("items/gone.html"), 404
