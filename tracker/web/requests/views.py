"""The requests of a case for those who run it: who has answered, who has a link, who asks for more time."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import NotFound, NotPermitted, Refused
from tracker.models.item_links import Item, ItemLink, TimeRequest
from tracker.models.plans import PlannedAction
from tracker.policy import Action, ensure, may
from tracker.queries.agency_actions import find_action_of_plan, links_to, shown_to_agency, wishes_about
from tracker.queries.requests import (
    find_link,
    find_request_of_case,
    find_time_request,
    requests_of,
    rule_of,
)
from tracker.services.item_links import is_working, make_item_link, revoke_item_link
from tracker.services.time_requests import grant_time, refuse_time
from tracker.web.access import requires, signed_in
from tracker.web.cases.opened import opened_case
from tracker.web.due import statuses
from tracker.web.requests.forms import DecideTimeForm, LinkForm, RevokeForm

pages = Blueprint("requests", __name__)


@dataclass(frozen=True, slots=True)
class Opens:
    """What a link opens, in the words of the pages that make it."""

    what: str
    agency: str
    reference: str
    due: date | None
    back: str


NUMBER = "<int(max=2147483647):number>"


@pages.route("/cases/<reference>/requests")
@requires(Action.READ_CASE)
def of_case(reference: str) -> ResponseReturnValue:
    """Every request that was made, with its links and the time that was asked for."""
    opened = opened_case(reference)
    return render_template(
        "requests/of_case.html",
        opened=opened,
        requests=requests_of(opened.case),
        is_working=is_working,
        statuses=statuses,
        today=clock.today(),
    )


@pages.route(f"/requests/actions/{NUMBER}")
@requires(Action.READ_CASE)
def of_action(number: int) -> ResponseReturnValue:
    """An action, the links to it, and the time that its agency asked for."""
    action = action_or_404(number)
    return render_template(
        "requests/of_action.html",
        action=action,
        led=shown_to_agency(action),
        links=links_to(action),
        times=wishes_about(action),
        keeps=may(signed_in(), Action.KEEP_PLAN, action.case, within=action.partnership_id),
        is_working=is_working,
        today=clock.today(),
    )


@pages.route(f"/requests/{NUMBER}/link", methods=["GET", "POST"])
@requires(Action.RECORD_STEP)
def link(number: int) -> ResponseReturnValue:
    """Makes a link to one request, and shows it this once."""
    asked = find_request_of_case(signed_in(), number)
    if asked is None or asked.case is None:
        raise NotFound
    ensure(signed_in(), Action.RECORD_STEP, asked.case)
    back = url_for(".of_case", reference=asked.case.reference)
    return make_link(asked, Opens(rule_of(asked).label, asked.subject, asked.case.reference, asked.due_on, back))


@pages.route(f"/requests/actions/{NUMBER}/link", methods=["GET", "POST"])
@requires(Action.KEEP_PLAN)
def action_link(number: int) -> ResponseReturnValue:
    """Makes a link to one action, and shows it this once."""
    action = action_or_404(number)
    ensure(signed_in(), Action.KEEP_PLAN, action.case, within=action.partnership_id)
    led, back = shown_to_agency(action), url_for(".of_action", number=number)
    return make_link(action, Opens(led.text, led.agency or "the agency", led.reference, led.due, back))


def make_link(item: Item, opens: Opens) -> ResponseReturnValue:
    """Asks for whom, and shows the link that was made."""
    form = LinkForm()
    if form.validate_on_submit():
        try:
            token = make_item_link(item, by=signed_in(), email=form.email.data, days=form.days.data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            address = f"{current_app.config['SITE_URL']}{url_for('items.show', token=token)}"
            return render_template("requests/link_made.html", address=address, sent=form, opens=opens)
    return render_template("requests/link.html", form=form, opens=opens)


@pages.route(f"/requests/links/{NUMBER}/end", methods=["GET", "POST"])
@requires(Action.RECORD_STEP, Action.KEEP_PLAN)
def revoke(number: int) -> ResponseReturnValue:
    """Asks whether to end a link, and ends it."""
    found = find_link(signed_in(), number)
    if found is None:
        raise NotFound
    form, back = RevokeForm(), place_of(found)
    if form.validate_on_submit():
        revoke_item_link(found, by=signed_in())
        flash("The link no longer works.")
        return redirect(back)
    return render_template("requests/revoke.html", form=form, link=found, back=back)


@pages.route(f"/requests/more-time/{NUMBER}", methods=["GET", "POST"])
@requires(Action.EXTEND_DEADLINE, Action.KEEP_PLAN)
def decide_time(number: int) -> ResponseReturnValue:
    """What an agency asks for, and the answer it gets."""
    asked = find_time_request(signed_in(), number)
    if asked is None:
        raise NotFound
    form, back = DecideTimeForm(), place_of(asked)
    if form.validate_on_submit():
        decide = grant_time if form.decision.data == "grant" else refuse_time
        try:
            decide(asked, by=signed_in(), answer=form.answer.data)
        except NotPermitted:
            raise
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("Your decision is recorded, and the agency sees it.")
            return redirect(back)
    return render_template("requests/decide_time.html", form=form, asked=asked, what=what_of(asked), back=back)


def place_of(thing: ItemLink | TimeRequest) -> str:
    """The page that lists a link or a wish for more time."""
    if thing.action_id is not None or thing.case is None:
        return url_for(".of_action", number=thing.action_id)
    return url_for(".of_case", reference=thing.case.reference)


def what_of(asked: TimeRequest) -> str:
    """What more time is asked for."""
    if asked.action is not None or asked.case is None:
        return asked.action.text if asked.action else ""
    return asked.case.procedure.known_deadline(asked.key).label


def action_or_404(number: int) -> PlannedAction:
    """An action of a plan that the viewer may see."""
    action = find_action_of_plan(signed_in(), number)
    if action is None:
        raise NotFound
    return action
