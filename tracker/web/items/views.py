"""One request or action, opened by the link that an agency was sent. No account, no case, nothing else."""

import secrets

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import Refused
from tracker.models.cases import Deadline
from tracker.models.item_links import Item, ItemLink
from tracker.models.plans import PlannedAction
from tracker.queries.agency_actions import shown_to_agency
from tracker.queries.requests import asked_of, item_of_link, last_time_request, last_wish
from tracker.services.attachments import kept
from tracker.services.cases import Resent, refuse_resent
from tracker.services.item_links import ask_for_link, is_link, open_item
from tracker.services.requests import answer_request
from tracker.services.time_requests import ask_for_time
from tracker.web.access import public
from tracker.web.agency_reports import reported
from tracker.web.answer_forms import AnswerForm, MoreTimeForm, ReportForm
from tracker.web.frame import belongs_to
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
    """A button to open the item; once it is open in this browser, the item and its form."""
    if "open" in request.args:
        return let_in(token)
    link, item = opened(token)
    if link is None or item is None:
        return closed(token)
    if isinstance(item, PlannedAction):
        return report(token, link, item)
    return answer(token, link, item)


def answer(token: str, link: ItemLink, asked: Deadline) -> ResponseReturnValue:
    """A request, and the form that answers it."""
    form = AnswerForm(version=1)
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
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".thanks"))
    words = {"asked": asked_of(asked), "time": last_time_request(asked), "today": clock.today()}
    return render_template("items/answer.html", form=form, token=token, link=link, **words)


def report(token: str, link: ItemLink, action: PlannedAction) -> ResponseReturnValue:
    """An action, and the form that says how far it has come."""
    form = ReportForm(version=1)
    if form.validate_on_submit() and reported(form, action, by=None, link=link):
        flash("Your update is recorded. The people who keep the plan see it now.")
        return redirect(url_for(".show", token=token))
    words = {"led": shown_to_agency(action), "time": last_wish(action), "today": clock.today()}
    return render_template("items/report.html", form=form, token=token, link=link, **words)


@pages.route("/<token>/more-time", methods=["GET", "POST"])
@public
def more_time(token: str) -> ResponseReturnValue:
    """Asks for a later day."""
    link, item = opened(token)
    if link is None or item is None:
        return gone()
    form = MoreTimeForm(version=1)
    if form.validate_on_submit():
        try:
            ask_for_time(item, by=None, until=form.until.data, reason=form.reason.data, link=link)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("You have asked for more time. The date stays as it is until somebody agrees.")
            return redirect(url_for(".show", token=token))
    return render_template("items/more_time.html", form=form, due=item.due_on, token=token)


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
    return redirect(url_for(".thanks")) if was_sent() else gone()


def was_sent() -> bool:
    """Whether this very form was recorded before: the first time used the link up."""
    try:
        refuse_resent(request.form.get("submission") if AnswerForm(version=1).validate_on_submit() else None)
    except Resent:
        return True
    return False


def opened(token: str) -> tuple[ItemLink | None, Item | None]:
    """The link and its item, where this browser may use it."""
    link = open_item(token, session[BROWSER]) if BROWSER in session else None
    if link is None:
        return None, None
    belongs_to(link.partnership)
    return link, item_of_link(link)


def gone() -> ResponseReturnValue:
    return render_template("items/gone.html"), 404
