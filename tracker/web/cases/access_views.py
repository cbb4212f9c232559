"""Who may open a case, and who runs it: restricting it, naming people, conflicts of interest, reassigning it."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.errors import Refused, Stale
from tracker.models.cases import Case
from tracker.policy import Action, ensure, may
from tracker.queries.case_people import (
    conflicts_on,
    people_named,
    people_who_may_open,
    restriction_of,
)
from tracker.services import case_access
from tracker.web.access import requires, signed_in
from tracker.web.cases import pages
from tracker.web.cases.access_forms import (
    AccessForm,
    ConflictForm,
    LiftForm,
    NameForm,
    ReassignForm,
    RemoveForm,
    RestrictForm,
    WithdrawForm,
)
from tracker.web.cases.opened import opened_case
from tracker.web.finding import case_or_404

MOST_SHOWN = 50
BOTH = ["GET", "POST"]


@pages.route("/<reference>/access")
@requires(Action.READ_CASE)
def access(reference: str) -> ResponseReturnValue:
    """Who may open the case, and why nobody else."""
    opened = opened_case(reference)
    case = opened.case
    return render_template(
        "cases/access.html",
        opened=opened,
        readers=people_who_may_open(case),
        most=MOST_SHOWN,
        named=people_named(case) if case.restricted else [],
        restriction=restriction_of(case) if case.restricted else None,
        conflicts=conflicts_on(case),
    )


@pages.route("/<reference>/access/restrict", methods=BOTH)
@requires(Action.READ_CASE)
def restrict(reference: str) -> ResponseReturnValue:
    """Closes a case to everybody who is not named on it."""
    case = case_to_change(reference, Action.RESTRICT_CASE)
    return changed(
        RestrictForm(version=case.version),
        case,
        "Restrict this case to named people",
        "Only its lead, its chair, you and the people you name can open it then. For everybody else it does not exist: "
        "it is in no list, search, report list or message. Links that agencies were sent to its requests and actions "
        "end; whoever may still open it can send new ones.",
        lambda form, given: case_access.restrict_case(case, reason=form.reason.data, **given),
        "The case is restricted. You can now name the people who may open it.",
    )


@pages.route("/<reference>/access/lift", methods=BOTH)
@requires(Action.READ_CASE)
def lift_restriction(reference: str) -> ResponseReturnValue:
    """Opens a restricted case again."""
    case = case_to_change(reference, Action.RESTRICT_CASE)
    return changed(
        LiftForm(version=case.version),
        case,
        "Lift the restriction",
        "Everybody whose role reads the cases of this partnership can open it again. The list of people named ends.",
        lambda form, given: case_access.lift_restriction(case, reason=form.reason.data, **given),
        "The restriction is lifted.",
    )


@pages.route("/<reference>/access/name", methods=BOTH)
@requires(Action.READ_CASE)
def name_person(reference: str) -> ResponseReturnValue:
    """Lets one more person open a restricted case."""
    case = case_to_change(reference, Action.RESTRICT_CASE)
    return changed(
        NameForm.about(case),
        case,
        "Name a person on this case",
        "They can open the case. What they may do on it is for their role.",
        lambda form, given: case_access.name_person(case, person=form.chosen, **given),
        "The person is named and can open the case.",
    )


@pages.route("/<reference>/access/remove", methods=BOTH)
@requires(Action.READ_CASE)
def remove_person(reference: str) -> ResponseReturnValue:
    """Takes somebody off the people named."""
    case = case_to_change(reference, Action.RESTRICT_CASE)
    return changed(
        RemoveForm.about(case),
        case,
        "Remove a person from this case",
        "From their next click on they find nothing of this case.",
        lambda form, given: case_access.remove_person(case, person=form.chosen, **given),
        "The person is removed and can no longer open the case.",
    )


@pages.route("/<reference>/access/conflict", methods=BOTH)
@requires(Action.READ_CASE)
def declare_conflict(reference: str) -> ResponseReturnValue:
    """One's own conflict of interest; for a manager, anybody's."""
    case, viewer = case_to_change(reference, Action.READ_CASE), signed_in()
    of_anybody = may(viewer, Action.DECLARE_CONFLICT, case)
    return changed(
        ConflictForm.about(case, viewer, of_anybody=of_anybody),
        case,
        "Declare a conflict of interest",
        "The case is closed to whoever has the conflict, whatever their role. "
        + (
            "A manager can withdraw it."
            if of_anybody
            else "You will not see this case again unless a manager withdraws it."
        ),
        lambda form, given: case_access.declare_conflict(
            case, person=form.chosen if of_anybody else viewer, reason=form.reason.data, **given
        ),
        "The conflict of interest is declared, and the case is closed to whoever has it.",
    )


@pages.route("/<reference>/access/conflict/withdraw", methods=BOTH)
@requires(Action.DECLARE_CONFLICT)
def withdraw_conflict(reference: str) -> ResponseReturnValue:
    """Ends a conflict of interest."""
    case = case_to_change(reference, Action.DECLARE_CONFLICT)
    return changed(
        WithdrawForm.about(case),
        case,
        "Withdraw a conflict of interest",
        "The person can open the case again, as far as their role and any restriction allow.",
        lambda form, given: case_access.withdraw_conflict(case, person=form.chosen, reason=form.reason.data, **given),
        "The conflict of interest is withdrawn.",
    )


@pages.route("/<reference>/people/reassign", methods=BOTH)
@requires(Action.REASSIGN_CASE)
def reassign(reference: str) -> ResponseReturnValue:
    """Gives a case another lead or chair."""
    case = case_to_change(reference, Action.REASSIGN_CASE)
    return changed(
        ReassignForm.about(case),
        case,
        "Reassign this case",
        "The lead gets the reminders of the case, the chair those of its panel.",
        lambda form, given: case_access.reassign_case(
            case, lead=form.chosen_lead, chair=form.chosen_chair, reason=form.reason.data, **given
        ),
        "The case is reassigned.",
        back="cases.people",
    )


def case_to_change(reference: str, action: Action) -> Case:
    """The case, for somebody who may do this to it."""
    case = case_or_404(reference)
    ensure(signed_in(), action, case)
    return case


def changed(
    form: AccessForm,
    case: Case,
    heading: str,
    about: str,
    change: Callable[[Any, dict[str, Any]], object],
    done: str,
    *,
    back: str = "cases.access",
) -> ResponseReturnValue:
    """Asks, and makes the *change* with the form and who sent it; where the case changed meanwhile, asks again."""
    viewer, status = signed_in(), 200
    if form.validate_on_submit():
        try:
            change(form, {"by": viewer, "version": form.version.data})
        except Stale as stale:
            case, status = case_or_404(case.reference), 409
            form.speak_of(case)
            form.refuse(Refused(f"{stale.message}. Nothing is saved yet: check, and send it again if it still holds"))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(done)
            reads = may(viewer, Action.READ_CASE, case)
            return redirect(url_for(back, reference=case.reference) if reads else url_for("cases.index"))
    back_href = url_for(back, reference=case.reference)
    page = "cases/change_access.html"
    return render_template(page, case=case, form=form, heading=heading, about=about, back=back_href), status
