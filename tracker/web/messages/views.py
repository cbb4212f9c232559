"""What waits to be sent, what failed with the server's words, and what tomorrow would bring."""

import re
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import NotFound, Refused
from tracker.models.messages import MessageState
from tracker.policy import Action
from tracker.queries.outbox import MOST_COUNTED, expected_messages, find_message, messages_page
from tracker.queries.timetable import timetable
from tracker.services.outbox import cancel_message, retry_message
from tracker.web.access import requires, signed_in
from tracker.web.filters import quantity
from tracker.web.messages.forms import CANCEL, MessageForm

pages = Blueprint("messages", __name__, url_prefix="/admin/messages")

STATES = {
    MessageState.WAITING: "Waiting",
    MessageState.FAILED: "Failed",
    MessageState.SENT: "Sent",
    MessageState.CANCELLED: "Cancelled",
}
OPEN = (MessageState.WAITING, MessageState.FAILED)
LONGEST_PAGE = 4  # figures


@pages.route("")
@requires(Action.MANAGE_PARTNERSHIP)
def index() -> ResponseReturnValue:
    """The messages in one state, what waits at first."""
    asked = request.args.get("state", "")
    state = MessageState(asked) if asked in set(MessageState) else MessageState.WAITING
    number = request.args.get("page", "")
    page = int(number) if re.fullmatch(rf"[0-9]{{1,{LONGEST_PAGE}}}", number) else 1
    found = messages_page(signed_in(), state, page)
    views = [
        (f"{words} ({count_words(found.counts[each])})", url_for(".index", state=each.value), each is state)
        for each, words in STATES.items()
    ]
    return render_template(
        "messages/list.html",
        found=found,
        state=state,
        views=views,
        words=STATES,
        now=timetable(),
        failed=failed_words(found.counts[MessageState.FAILED]),
        page_href=lambda page: url_for(".index", state=state.value, page=page),
    )


@pages.route("/<message_id>", methods=["GET", "POST"])
@requires(Action.MANAGE_PARTNERSHIP)
def show(message_id: str) -> ResponseReturnValue:
    """One message, and what to do with it where it did not go out."""
    viewer, form = signed_in(), MessageForm()
    message = find_message(viewer, message_id) if re.fullmatch("[0-9a-f]{32}", message_id) else None
    if message is None:
        raise NotFound
    if form.validate_on_submit():
        change = cancel_message if form.what.data == CANCEL else retry_message
        try:
            change(message, by=viewer, reason=form.reason.data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("The message will not be sent." if form.what.data == CANCEL else "The message is tried again now.")
            return redirect(url_for(".index"))
    undecided = message.state in OPEN
    return render_template("messages/show.html", message=message, form=form, undecided=undecided, words=STATES)


@pages.route("/tomorrow")
@requires(Action.MANAGE_PARTNERSHIP)
def tomorrow() -> ResponseReturnValue:
    """Who would be reminded tomorrow, as things stand."""
    on = clock.today() + timedelta(days=1)
    return render_template("messages/tomorrow.html", on=on, expected=expected_messages(signed_in(), on))


def failed_words(number: int) -> str:
    """1 message, 12 messages, More than 500 messages"""
    return f"More than {MOST_COUNTED} messages" if number > MOST_COUNTED else quantity(number, "message") * bool(number)


def count_words(number: int) -> str:
    return f"more than {MOST_COUNTED}" if number > MOST_COUNTED else str(number)
