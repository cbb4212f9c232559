"""The bodies that a recommendation is addressed to: when it was sent, when they must answer, what they answered."""

from datetime import date
from typing import Any

from flask.typing import ResponseReturnValue

from tracker.models.plans import Addressee, Plan, Recommendation
from tracker.policy import Action
from tracker.queries.partnerships import agency_names
from tracker.queries.plans import earlier_records
from tracker.services import recommendations
from tracker.web.access import requires
from tracker.web.filters import day
from tracker.web.plans import pages
from tracker.web.plans.forms import AddresseeDatesForm, AddresseeForm, ResponseForm
from tracker.web.plans.line_views import RECOMMENDATION
from tracker.web.plans.opened import asked, line_or_404, plan_to_keep
from tracker.web.plans.similar import ANSWERS

ADDRESSEE = f"{RECOMMENDATION}/bodies/<int(max=2147483647):addressee>"


@pages.route(f"{RECOMMENDATION}/bodies/add", methods=["GET", "POST"])
@requires(Action.KEEP_PLAN)
def address(number: int, recommendation: int) -> ResponseReturnValue:
    """Another body that a recommendation is sent to."""
    plan = plan_to_keep(number)
    found = line_or_404(plan.recommendations, recommendation)
    form = AddresseeForm(version=plan.version)
    form.name.suggestions = agency_names(plan.partnership_id)

    def save(sent: dict[str, Any]) -> object:
        days = {"sent_on": form.sent_on.data, "due_on": form.due_on.data}
        return recommendations.address_recommendation(found, name=form.name.data, **days, **sent)

    return asked("Send the recommendation to a body", form, plan, save, "The body is added.", about=found.text)


@pages.route(f"{ADDRESSEE}/dates", methods=["GET", "POST"])
@requires(Action.KEEP_PLAN)
def dates(number: int, recommendation: int, addressee: int) -> ResponseReturnValue:
    """Other days of sending a recommendation to a body, and of its answer falling due."""
    plan, line, found = addressed(number, recommendation, addressee)
    form = AddresseeDatesForm(version=plan.version, sent_on=found.sent_on, due_on=found.due_on)

    def save(sent: dict[str, Any]) -> object:
        days = {"sent_on": form.sent_on.data, "due_on": form.due_on.data}
        return recommendations.change_addressee(found, why=form.why.data, **days, **sent)

    def now() -> list[tuple[str, str]]:
        return [("Sent", dated(found.sent_on)), ("Answer due", dated(found.due_on))]

    heading, shown = f"Dates for {found.name}", before(found) | {"about": line.text, "now": now}
    return asked(heading, form, plan, save, "The dates are changed.", **shown)


@pages.route(f"{ADDRESSEE}/answer", methods=["GET", "POST"])
@requires(Action.KEEP_PLAN)
def answer(number: int, recommendation: int, addressee: int) -> ResponseReturnValue:
    """What a body answered, for the first time or put right."""
    plan, line, found = addressed(number, recommendation, addressee)
    form = ResponseForm(version=plan.version, response=found.response, on=found.responded_on, reason=found.reason)

    def save(sent: dict[str, Any]) -> object:
        said = {"response": form.response.data, "on": form.on.data, "reason": form.reason.data or ""}
        return recommendations.record_response(found, **said, **sent)

    def now() -> list[tuple[str, str]]:
        return [
            ("Answer", ANSWERS.get(found.response, "Awaited")),
            ("When", dated(found.responded_on)),
            ("Reason", found.reason or "None"),
        ]

    heading, shown = f"Answer of {found.name}", before(found) | {"about": line.text, "now": now}
    return asked(heading, form, plan, save, "The answer is recorded.", **shown)


def addressed(number: int, recommendation: int, addressee: int) -> tuple[Plan, Recommendation, Addressee]:
    """A plan that the viewer keeps, one of its recommendations, and a body that this is addressed to."""
    plan = plan_to_keep(number)
    line = line_or_404(plan.recommendations, recommendation)
    return plan, line, line_or_404(line.addressees, addressee)


def dated(on: date | None) -> str:
    return day(on) if on else "No date"


def before(addressee: Addressee) -> dict[str, Any]:
    """What stood there earlier, and the words for answers."""
    return {"earlier": earlier_records(addressee), "answers": ANSWERS}
