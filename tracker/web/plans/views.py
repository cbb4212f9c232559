"""Action plans: of a case, or of the partnership; what each action is, how it stands, and what to record of it."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import NotFound
from tracker.exports.plans import KINDS, PlanExport, plan_file
from tracker.models.cases import Case
from tracker.models.partnerships import Partnership
from tracker.models.plans import Plan
from tracker.policy import Action, ensure
from tracker.procedures.plan_status import STATUS_WORDS
from tracker.queries.attachments import attachments_of_action
from tracker.queries.partnerships import partnerships_granting
from tracker.queries.plans import With, own_plans, plan_of
from tracker.services.exports import export_plan
from tracker.services.plans import begin_plan
from tracker.web.access import requires, signed_in
from tracker.web.cases.opened import opened_case
from tracker.web.finding import case_or_404
from tracker.web.monitoring_files import csv_file
from tracker.web.plans import ACTION, PLAN, addressee_views, import_views, line_views, pages
from tracker.web.plans.burn_up_chart import COLUMNS as COURSE_COLUMNS
from tracker.web.plans.forms import PlanForm
from tracker.web.plans.opened import action_or_404, address_of, form_page, plan_or_404, sent_to
from tracker.web.plans.plan_page import RATING, page_of
from tracker.web.plans.recording import RECORDS, records_for

__all__ = ["addressee_views", "import_views", "line_views", "pages"]


@pages.route("/cases/<reference>/plan")
@requires(Action.READ_CASE)
def of_case(reference: str) -> ResponseReturnValue:
    """The plan of a case."""
    opened = opened_case(reference)
    return render_template("plans/of_case.html", opened=opened, page=page_of(plan_of(opened.case), opened.case))


@pages.route("/plans")
@requires(Action.READ_CASE)
def index() -> ResponseReturnValue:
    """The partnerships' own plans."""
    return render_template("plans/index.html", plans=own_plans(signed_in()))


@pages.route(PLAN)
@requires(Action.READ_CASE)
def show(number: int) -> ResponseReturnValue:
    """A partnership's own plan; a case's stands under its case."""
    plan = plan_or_404(number, With.NOTHING)
    if plan.case:
        return redirect(url_for(".of_case", reference=plan.case.reference))
    return render_template("plans/show.html", page=page_of(plan, plan.partnership))


@pages.route(f"{PLAN}/course.csv")
@requires(Action.EXPORT_HISTORY)
def course(number: int) -> ResponseReturnValue:
    """The table beside the picture of how the plan was worked off. Recorded before it is given out."""
    plan = plan_or_404(number, With.NOTHING)
    export_plan(plan, by=signed_in(), kind="course")
    chart = page_of(plan, plan.case or plan.partnership).chart
    name = f"{plan.case.reference if plan.case else f'plan-{plan.id}'}-course"
    return csv_file(name, plan.title, COURSE_COLUMNS, chart.rows)


@pages.route("/cases/<reference>/plan/begin", methods=["GET", "POST"])
@requires(Action.KEEP_PLAN)
def begin_for_case(reference: str) -> ResponseReturnValue:
    """A plan for a case."""
    case = case_or_404(reference)
    ensure(signed_in(), Action.KEEP_PLAN, case)
    form = PlanForm(version=1, title=f"Action plan, {case.reference}").offering(())
    return begun(form, lambda: case, url_for(".of_case", reference=case.reference))


@pages.route("/plans/begin", methods=["GET", "POST"])
@requires(Action.KEEP_PLAN)
def begin() -> ResponseReturnValue:
    """A plan of a partnership's own: of which one is asked, where the person keeps the plans of several."""
    partnerships = partnerships_granting(signed_in(), Action.KEEP_PLAN)
    form = PlanForm(version=1).offering(partnerships)
    return begun(form, lambda: form.chosen(partnerships), url_for(".index"))


def begun(form: PlanForm, of: Callable[[], Case | Partnership], back: str) -> ResponseReturnValue:
    def save(sent: dict[str, Any]) -> Plan:
        del sent["version"]
        return begin_plan(of(), **form.words(), **sent)

    made = sent_to(save, form, None)
    if made:
        flash("The plan is begun. Add its recommendations, or import them.")
        return redirect(address_of(made))
    return form_page("Begin an action plan", form, back, None)


@pages.route(f"{PLAN}/export", methods=["POST"])
@requires(Action.EXPORT_HISTORY)
def export(number: int) -> ResponseReturnValue:
    """The plan as a file in the Home Office template's columns. Recorded before it is given out."""
    plan = plan_or_404(number, With.NOTHING)
    kind = request.form.get("kind", "")
    if kind not in KINDS:
        raise NotFound
    export_plan(plan, by=signed_in(), kind=kind)
    plan = plan_or_404(number, With.EVENTS)
    given = PlanExport(plan, signed_in().name, clock.today(), public=kind == "public")
    name = f"{plan.case.reference if plan.case else 'plan'}-action-plan{'-public' if given.public else ''}"
    media_type, ending = KINDS[kind]
    response = Response(plan_file(given, kind), content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


@pages.route(ACTION)
@requires(Action.READ_CASE)
def action(number: int) -> ResponseReturnValue:
    """An action: what it is, how it stands and why, everything that was recorded of it, and what may be now."""
    found = action_or_404(number)
    return render_template(
        "plans/action.html",
        action=found,
        back=address_of(found.plan),
        rated=found.rated(clock.today()),
        rating=RATING,
        words=STATUS_WORDS,
        records=records_for(found, signed_in()),
        files=attachments_of_action(signed_in(), found),
    )


@pages.route(f"{ACTION}/<kind>", methods=["GET", "POST"])
@requires(Action.KEEP_PLAN, Action.VERIFY_ACTION)
def record(number: int, kind: str) -> ResponseReturnValue:
    """An update, a claim, its verification, another target, an end."""
    found = action_or_404(number)
    wanted = dict(records_for(found, signed_in())).get(kind)
    if kind not in RECORDS:
        raise NotFound
    back = url_for(".action", number=number)
    if wanted is None:
        flash("This cannot be recorded of the action as it stands, or by you.")
        return redirect(back)
    form = wanted.form(found)
    if sent_to(lambda sent: wanted.send(found, form, sent), form, found.plan):
        flash("It is recorded.")
        return redirect(back)
    return form_page(wanted.heading, form, back, found.plan, about=found.text, now=lambda: wanted.now(found))
