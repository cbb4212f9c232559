"""The requests of a case for those who run it: who has answered, who has a link, who asks for more time."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import NotFound, Refused
from tracker.policy import Action, ensure
from tracker.queries.requests import (
    find_link,
    find_request_of_case,
    find_time_request,
    requests_of,
    rule_of,
)
from tracker.services.item_links import is_working, make_item_link, revoke_item_link
from tracker.services.requests import grant_time, refuse_time
from tracker.web.access import requires, signed_in
from tracker.web.cases.opened import opened_case
from tracker.web.requests.forms import DecideTimeForm, LinkForm, RevokeForm

pages = Blueprint("requests", __name__)

NUMBER = "<int(max=2147483647):number>"


@pages.route("/cases/<reference>/requests")
@requires(Action.READ_CASE)
def of_case(reference: str) -> ResponseReturnValue:
    """Every request that was made, with its links and the time that was asked for."""
    opened = opened_case(reference)
    return render_template(
        "requests/of_case.html", opened=opened, requests=requests_of(opened.case), is_working=is_working
    )


@pages.route(f"/requests/{NUMBER}/link", methods=["GET", "POST"])
@requires(Action.RECORD_STEP)
def link(number: int) -> ResponseReturnValue:
    """Makes a link to one request, and shows it this once."""
    asked = find_request_of_case(signed_in(), number)
    if asked is None:
        raise NotFound
    ensure(signed_in(), Action.RECORD_STEP, asked.case)
    form, what = LinkForm(), rule_of(asked).label
    if form.validate_on_submit():
        try:
            token = make_item_link(asked, by=signed_in(), email=form.email.data, days=form.days.data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            address = f"{current_app.config['SITE_URL']}{url_for('items.show', token=token)}"
            return render_template("requests/link_made.html", address=address, sent=form, what=what, asked=asked)
    return render_template("requests/link.html", form=form, asked=asked, what=what)


@pages.route(f"/requests/links/{NUMBER}/end", methods=["GET", "POST"])
@requires(Action.RECORD_STEP)
def revoke(number: int) -> ResponseReturnValue:
    """Asks whether to end a link, and ends it."""
    found = find_link(signed_in(), number)
    if found is None or found.case is None:
        raise NotFound
    ensure(signed_in(), Action.RECORD_STEP, found.case)
    form = RevokeForm()
    if form.validate_on_submit():
        revoke_item_link(found, by=signed_in())
        flash("The link no longer works.")
        return redirect(url_for(".of_case", reference=found.case.reference))
    return render_template("requests/revoke.html", form=form, link=found)


@pages.route(f"/requests/more-time/{NUMBER}", methods=["GET", "POST"])
@requires(Action.EXTEND_DEADLINE)
def decide_time(number: int) -> ResponseReturnValue:
    """What an agency asks for, and the answer it gets."""
    viewer = signed_in()
    asked = find_time_request(viewer, number)
    if asked is None or asked.case is None:
        raise NotFound
    ensure(viewer, Action.EXTEND_DEADLINE, asked.case)
    form, back = DecideTimeForm(), url_for(".of_case", reference=asked.case.reference)
    if form.validate_on_submit():
        try:
            if form.decision.data == "grant":
                grant_time(asked, by=viewer, answer=form.answer.data)
            else:
                refuse_time(asked, by=viewer, answer=form.answer.data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("Your decision is recorded, and the agency sees it.")
            return redirect(back)
    what = asked.case.procedure.known_deadline(asked.key).label
    return render_template(
        "requests/decide_time.html", form=form, asked=asked, what=what, back=back, today=clock.today()
    )
