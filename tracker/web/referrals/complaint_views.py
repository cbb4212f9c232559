"""The complaints of an application, one after the other, with both tests beside them."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.errors import NotFound
from tracker.policy import Action
from tracker.procedures.referral_pages import Asks, ReferralPage
from tracker.queries.partnerships import agency_names
from tracker.services.drafts import save_page
from tracker.web.access import requires, signed_in
from tracker.web.referrals import pages
from tracker.web.referrals.finding import journey_or_404
from tracker.web.referrals.forms import ActForm, ComplaintForm
from tracker.web.referrals.journey import Journey
from tracker.web.referrals.summary import Summary

MOST = 60  # complaints of one application


def listed(journey: Journey, page: ReferralPage) -> ResponseReturnValue:
    """The complaints so far and how they count; the first one's questions while there is none."""
    if not journey.is_done(page):
        return redirect(url_for(".complaint", key=journey.draft.key, number=1))
    return render_template(
        "referrals/complaints.html",
        journey=journey,
        page=page,
        tested=Summary(journey).tested,
        form=ActForm(),
        most=MOST,
        onward=journey.after(page),
    )


@pages.route("/log/<key>/complaints/<int:number>", methods=["GET", "POST"])
@requires(Action.LOG_REFERRAL)
def complaint(key: str, number: int) -> ResponseReturnValue:
    """A complaint, by its place from 1; the place after the last adds one."""
    journey = journey_or_404(key)
    page, rows = complaints_of(journey)
    if not journey.is_open(page):
        return redirect(journey.onward)
    if not 1 <= number <= min(len(rows) + 1, MOST):
        raise NotFound
    form = complaint_form(journey, rows, number)
    if form.skip and form.skip.data:
        return save(journey, page, [], journey.after(page))
    if form.validate_on_submit():
        rows[number - 1 : number] = [form.kept()]
        return save(journey, page, rows, next_address(journey, page, form, len(rows)))
    return render_template(
        "referrals/complaint.html", journey=journey, page=page, form=form, number=number, tested=Summary(journey).tested
    )


def complaints_of(journey: Journey) -> tuple[ReferralPage, list[dict[str, Any]]]:
    """The page that lists them, and each as the draft keeps it."""
    page = next((page for page in journey.pages if page.asks is Asks.COMPLAINTS), None)
    if page is None:
        raise NotFound
    return page, list(journey.draft.answers.get(page.key, {}).get("rows", ()))


def complaint_form(journey: Journey, rows: list[dict[str, Any]], number: int) -> ComplaintForm:
    """The form of one, which offers the bodies and incidents already named. Only the first can be left for later."""
    form = ComplaintForm(**(rows[number - 1] if number <= len(rows) else {}))
    others = [row for place, row in enumerate(rows, start=1) if place != number]
    form.body.suggestions = agency_names(journey.draft.partnership_id)
    form.incident.suggestions = list(dict.fromkeys(row["incident"] for row in others if row.get("incident")))
    if rows:
        del form.skip
    if number >= MOST:
        del form.more
    return form


def next_address(journey: Journey, page: ReferralPage, form: ComplaintForm, count: int) -> str:
    if form.more and form.more.data and count < MOST:
        return url_for(".complaint", key=journey.draft.key, number=count + 1)
    return journey.address(page.key)


def save(journey: Journey, page: ReferralPage, rows: list[dict[str, Any]], then: str) -> ResponseReturnValue:
    save_page(journey.draft, by=signed_in(), page=page.key, answers={"rows": rows} if rows else {})
    return redirect(then)


@pages.route("/log/<key>/complaints/<int:number>/remove", methods=["POST"])
@requires(Action.LOG_REFERRAL)
def remove(key: str, number: int) -> ResponseReturnValue:
    """Takes a complaint off the list, if the list is still as long as the page showed it: once, if sent twice."""
    journey = journey_or_404(key)
    page, rows = complaints_of(journey)
    if request.form.get("of") == str(len(rows)) and 1 <= number <= len(rows):
        del rows[number - 1]
        return save(journey, page, rows, journey.address(page.key))
    return redirect(journey.address(page.key))
