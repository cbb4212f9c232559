"""A plan found for whoever asks, and a form about it sent to its use-case."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.errors import NotFound, Refused, Stale
from tracker.models.plans import Plan, PlannedAction
from tracker.policy import Action, ensure
from tracker.queries.plans import With, find_action, find_plan
from tracker.web.access import signed_in

CHANGED = "The plan has changed since this page was shown. Check what is there now, and send this again"
Pairs = Sequence[tuple[str, str]]


class Numbered(Protocol):
    """A row of a plan."""

    id: Any


Line = TypeVar("Line", bound=Numbered)


def sent_to(save: Callable[[dict[str, Any]], Any], form: Any, plan: Plan | None) -> Any:
    """What was made of a form that was sent and taken; None where it must be shown, again or for the first time."""
    if not form.validate_on_submit():
        return None
    sent = {"by": signed_in(), "version": form.version.data, "submission_key": form.submission.data}
    try:
        return save(sent)
    except Stale:
        form.refuse(Refused(CHANGED))
        if plan is not None:
            form.version.data = plan.version
    except Refused as refusal:
        form.refuse(refusal)
    return None


def asked(
    heading: str,
    form: Any,
    plan: Plan,
    save: Callable[[dict[str, Any]], object],
    done: str,
    *,
    about: str = "",
    now: Callable[[], Pairs] = tuple,
    **more: Any,
) -> ResponseReturnValue:
    """A page that asks *form* about *plan*, and leads back to the plan when it was taken.

    Args:
        now: what the plan has where the answers would go, shown beside them where it has changed meanwhile.
        more: what else the page shows.
    """
    if sent_to(save, form, plan):
        flash(done)
        return redirect(address_of(plan))
    return form_page(heading, form, address_of(plan), plan, about=about, now=now, **more)


def form_page(
    heading: str,
    form: Any,
    back: str,
    plan: Plan | None,
    *,
    about: str = "",
    now: Callable[[], Pairs] = tuple,
    **more: Any,
) -> ResponseReturnValue:
    """The page of a form. *more*: what else its template shows."""
    is_stale = CHANGED in form.form_errors
    shown = {"heading": heading, "back": back, "plan": plan, "about": about, "now": now() if is_stale else (), **more}
    return render_template("plans/form.html", form=form, **shown), 409 if is_stale else 200


def address_of(plan: Plan) -> str:
    if plan.case:
        return url_for("plans.of_case", reference=plan.case.reference)
    return url_for("plans.show", number=plan.id)


def plan_or_404(number: int, read: With = With.LINES) -> Plan:
    plan = find_plan(signed_in(), number, read)
    if plan is None:
        raise NotFound
    return plan


def plan_to_keep(number: int) -> Plan:
    plan = plan_or_404(number)
    ensure(signed_in(), Action.KEEP_PLAN, plan.case, within=plan.partnership_id)
    return plan


def action_or_404(number: int) -> PlannedAction:
    found = find_action(signed_in(), number)
    if found is None:
        raise NotFound
    return found


def line_or_404(lines: Iterable[Line], number: int) -> Line:
    """The one of a plan's *lines* that has this number."""
    found = next((line for line in lines if line.id == number), None)
    if found is None:
        raise NotFound
    return found
