"""Logging a referral: which kind, its questions on one page, a page to check them on, and the case."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import NotFound, NotPermitted, Refused
from tracker.models.partnerships import Partnership
from tracker.policy import Action, partnerships_where
from tracker.procedures import CASE_TYPES, procedure_in_force
from tracker.procedures.vocabulary import Procedure
from tracker.queries.cases import similar_cases
from tracker.queries.effects import referral_reckoned
from tracker.queries.partnerships import agency_names, duty_in_force, partnerships_numbered
from tracker.services.cases import Resent, log_referral
from tracker.web.access import requires, signed_in
from tracker.web.forms import Choice
from tracker.web.referrals.forms import FEWEST_ROWS, MORE_ROWS, MOST_ROWS, KindForm, ReferralForm, referral_form
from tracker.web.referrals.summary import carried, summary

pages = Blueprint("referrals", __name__, url_prefix="/cases/log")


@pages.route("", methods=["GET", "POST"])
@requires(Action.LOG_REFERRAL)
def choose() -> ResponseReturnValue:
    """Which kind of review it is."""
    form = KindForm()
    procedures = [procedure_in_force(kind, clock.today()) for kind in CASE_TYPES]
    form.kind.choices = [Choice(each.case_type, each.title, each.about) for each in procedures]
    if form.validate_on_submit():
        return redirect(url_for(".log", kind=form.kind.data))
    return render_template("referrals/choose.html", form=form)


@pages.route("/<kind>", methods=["GET", "POST"])
@requires(Action.LOG_REFERRAL)
def log(kind: str) -> ResponseReturnValue:
    """The questions; sent once they are checked, sent again they are logged."""
    if kind not in CASE_TYPES:
        raise NotFound
    partnerships = loggable_partnerships()
    procedure = procedure_in_force(kind, clock.today())
    form = drawn(procedure, partnerships)
    if request.method != "POST" or {"change", "more"} & set(request.form) or not form.validate():
        return show(form, partnerships)
    partnership = form.chosen_partnership(partnerships) if form.partnership else partnerships[0]
    if "confirmed" not in request.form:
        return check(form, partnership)
    try:
        case = log_referral(
            partnership,
            by=signed_in(),
            edition=procedure_in_force(kind, form.on.data).edition,
            on=form.on.data,
            answers=form.answers(),
            complaints=form.complaints(),
            criteria=form.criteria(),
            deaths=form.deaths(),
            themes=form.themes.data if form.themes else (),
            aware=form.aware(),
            submission_key=form.submission.data,
        )
    except Resent as resent:
        flash(f"{resent.message}.")
        return redirect(url_for("cases.show", reference=resent.event.case.reference))
    except Refused as refusal:
        form.refuse(refusal)
        return show(form, partnerships)
    flash(f"Logged as {case.reference}. Its deadlines are below.")
    return redirect(url_for("cases.show", reference=case.reference))


def loggable_partnerships() -> Sequence[Partnership]:
    """Where this person may log a referral."""
    partnerships = partnerships_numbered(partnerships_where(signed_in(), Action.LOG_REFERRAL))
    if not partnerships:
        raise NotPermitted
    return partnerships


def drawn(procedure: Procedure, partnerships: Sequence[Partnership]) -> ReferralForm:
    """The form with as many rows for complaints as were sent, and more if more were asked for."""
    sent = request.form.get("rows", type=int, default=FEWEST_ROWS)
    rows = max(1, min(sent, MOST_ROWS))
    if "more" in request.form:
        rows = min(rows + MORE_ROWS, MOST_ROWS)
    agencies = [name for partnership in partnerships for name in agency_names(partnership.id)]
    return referral_form(procedure, agencies, partnerships, rows)()


def show(form: ReferralForm, partnerships: Sequence[Partnership]) -> ResponseReturnValue:
    procedure = form.procedure
    planning = procedure.commences_by_area and not any(
        duty_in_force(partnership.id, procedure.case_type, clock.today()) for partnership in partnerships
    )
    return render_template("referrals/log.html", form=form, procedure=procedure, planning=planning, most_rows=MOST_ROWS)


def check(form: ReferralForm, partnership: Partnership) -> ResponseReturnValue:
    """What was answered, the deadlines it starts, the threshold as it stands, and cases like it."""
    try:
        answer = referral_reckoned(
            partnership, form.procedure, form.on.data, form.answers(), form.complaints(), form.aware()
        )
    except Refused as refusal:
        form.refuse(refusal)
        return show(form, [partnership])
    return render_template(
        "referrals/check.html",
        form=form,
        procedure=form.procedure,
        pairs=summary(form, partnership),
        complaints=form.complaints(),
        reckoned=answer,
        similar=similar_cases(signed_in(), form.procedure.case_type, form.on.data),
        sent=carried(form, request.form),
    )
