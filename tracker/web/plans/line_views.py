"""The lines of a plan: its findings, its recommendations, its actions; and the plan's own words."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.models.plans import Plan
from tracker.policy import Action
from tracker.queries.partnerships import agency_names
from tracker.queries.themes import offered_themes
from tracker.services import findings, plans, recommendations
from tracker.services.actions import add_action
from tracker.web.access import requires
from tracker.web.plans import PLAN, pages
from tracker.web.plans.action_forms import ActionForm
from tracker.web.plans.forms import ChangedRecommendationForm, FindingForm, PlanForm, RecommendationForm
from tracker.web.plans.opened import address_of, asked, form_page, line_or_404, plan_or_404, plan_to_keep
from tracker.web.plans.similar import similar_to

FINDING = f"{PLAN}/findings/<int(max=2147483647):finding>"
RECOMMENDATION = f"{PLAN}/recommendations/<int(max=2147483647):recommendation>"


@pages.route(f"{PLAN}/change", methods=["GET", "POST"])
@requires(Action.KEEP_PLAN)
def change(number: int) -> ResponseReturnValue:
    """Another title, board or rhythm."""
    plan = plan_to_keep(number)
    form = PlanForm(
        version=plan.version, title=plan.title, monitored_by=plan.monitored_by, meets_every=plan.meets_every
    ).offering(())

    def save(sent: dict[str, Any]) -> object:
        return plans.change_plan(plan, **form.words(), **sent)

    def now() -> list[tuple[str, str]]:
        return [("Title", plan.title), ("Monitored by", plan.monitored_by), ("Meets", plan.meets_every)]

    return asked("Change the plan", form, plan, save, "The plan is changed.", now=now)


@pages.route(f"{PLAN}/findings/add", methods=["GET", "POST"])
@requires(Action.KEEP_PLAN)
def find(number: int) -> ResponseReturnValue:
    """Another finding."""
    plan = plan_to_keep(number)
    form = FindingForm(version=plan.version).offering(offered_themes(plan.partnership_id))

    def save(sent: dict[str, Any]) -> object:
        return findings.add_finding(plan, text=form.text.data, themes=form.chosen(), **sent)

    return asked("Add a finding", form, plan, save, "The finding is added.")


@pages.route(f"{FINDING}/change", methods=["GET", "POST"])
@requires(Action.KEEP_PLAN)
def change_finding(number: int, finding: int) -> ResponseReturnValue:
    """A finding in other words, or under other themes."""
    plan = plan_to_keep(number)
    found = line_or_404(plan.findings, finding)
    its_own = [each.theme for each in found.themes]
    offered = sorted({*offered_themes(plan.partnership_id), *its_own})
    form = FindingForm(version=plan.version, text=found.text, themes=its_own).offering(offered)

    def save(sent: dict[str, Any]) -> object:
        return findings.change_finding(found, text=form.text.data, themes=form.chosen(), **sent)

    def now() -> list[tuple[str, str]]:
        return [("Finding", found.text), ("Themes", ", ".join(each.theme for each in found.themes) or "None")]

    return asked(f"Change finding {found.position}", form, plan, save, "The finding is changed.", now=now)


@pages.route(f"{PLAN}/recommendations/add", methods=["GET", "POST"])
@requires(Action.KEEP_PLAN)
def recommend(number: int) -> ResponseReturnValue:
    """Another recommendation."""
    plan = plan_to_keep(number)
    form = RecommendationForm(version=plan.version).of(plan)
    if form.look.data:
        return looked_for("Add a recommendation", form, plan)

    def save(sent: dict[str, Any]) -> object:
        return recommendations.add_recommendation(plan, **form.answers(plan), **sent)

    return asked("Add a recommendation", form, plan, save, "The recommendation is added.")


@pages.route(f"{RECOMMENDATION}/change", methods=["GET", "POST"])
@requires(Action.KEEP_PLAN)
def change_recommendation(number: int, recommendation: int) -> ResponseReturnValue:
    """A recommendation under another number, in other words, from another finding."""
    plan = plan_to_keep(number)
    found = line_or_404(plan.recommendations, recommendation)
    form = ChangedRecommendationForm.as_it_is(found)
    if form.look.data:
        return looked_for("Change the recommendation", form, plan)

    def save(sent: dict[str, Any]) -> object:
        return recommendations.change_recommendation(found, **form.answers(plan), **sent)

    def now() -> list[tuple[str, str]]:
        return [
            ("Number", found.number or "None"),
            ("Recommendation", found.text),
            ("Scope", found.scope or "Not said"),
        ]

    return asked("Change the recommendation", form, plan, save, "The recommendation is changed.", now=now)


def looked_for(heading: str, form: RecommendationForm, plan: Plan) -> ResponseReturnValue:
    """The form as it was typed, beside what other plans say that is like it. Nothing is recorded."""
    if not (form.text.data or "").strip():
        form.text.errors = ["Enter the recommendation that you look for others like"]
        return form_page(heading, form, address_of(plan), plan)
    return form_page(heading, form, address_of(plan), plan, similar=similar_to(form.text.data, plan))


@pages.route(f"{RECOMMENDATION}/similar")
@requires(Action.READ_CASE)
def similar(number: int, recommendation: int) -> ResponseReturnValue:
    """What other plans recommend that is like a recommendation, and what became of that."""
    plan = plan_or_404(number)
    line = line_or_404(plan.recommendations, recommendation)
    found = similar_to(line.text, plan)
    return render_template("plans/similar.html", plan=plan, line=line, similar=found, back=address_of(plan))


@pages.route(f"{RECOMMENDATION}/actions/add", methods=["GET", "POST"])
@requires(Action.KEEP_PLAN)
def act(number: int, recommendation: int) -> ResponseReturnValue:
    """Another action under a recommendation."""
    plan = plan_to_keep(number)
    under = line_or_404(plan.recommendations, recommendation)
    form = ActionForm(version=plan.version)
    form.lead_agency.suggestions = agency_names(plan.partnership_id)

    def save(sent: dict[str, Any]) -> object:
        target = form.read_target()
        return target and add_action(under, target=target, **form.words(), **sent)

    return asked("Add an action", form, plan, save, "The action is added.", about=under.text)
