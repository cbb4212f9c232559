"""Recommendations of a plan, the bodies they are addressed to, and what those answered."""

from datetime import date

from sqlalchemy import func, select

from tracker import clock
from tracker.errors import Refused
from tracker.extensions import db
from tracker.models.addressee_changes import AddresseeChange
from tracker.models.plans import Addressee, Finding, Plan, Recommendation
from tracker.models.users import User
from tracker.procedures.calendars import spelled
from tracker.procedures.numbering import natural_order
from tracker.services.plans import agency_number, claim_plan, of_plan, once_on_plan
from tracker.services.texts import line, words
from tracker.services.use_case import use_case

RESPONSES = ("accepted", "partly", "refused", "no_reply")
SCOPES = ("local", "regional", "national")


@use_case
@once_on_plan
def add_recommendation(
    plan: Plan,
    *,
    by: User | None,
    number: str,
    text: str,
    scope: str = "",
    multi_agency: bool | None = None,
    finding: Finding | None = None,
    version: int | None = None,
    submission_key: str | None = None,
) -> Recommendation:
    """A recommendation, under its number as written.

    Raises:
        Refused: it says nothing, or the plan has one of that number.
    """
    claim_plan(plan, by, version, submission_key)
    last = db.session.scalar(select(func.max(Recommendation.position)).where(of_plan(Recommendation, plan)))
    recommendation = Recommendation(plan_id=plan.id, position=1 + (last or 0))
    describe(recommendation, plan, number, text, scope, multi_agency, finding)
    db.session.add(recommendation)
    return recommendation


@use_case
@once_on_plan
def change_recommendation(
    recommendation: Recommendation,
    *,
    by: User | None,
    number: str,
    text: str,
    scope: str = "",
    multi_agency: bool | None = None,
    finding: Finding | None = None,
    version: int | None = None,
    submission_key: str | None = None,
) -> Recommendation:
    """Give a recommendation another number, other words, another scope or finding. Raises as `add_recommendation`."""
    claim_plan(recommendation.plan, by, version, submission_key)
    describe(recommendation, recommendation.plan, number, text, scope, multi_agency, finding)
    return recommendation


def describe(
    recommendation: Recommendation,
    plan: Plan,
    number: str,
    text: str,
    scope: str,
    multi_agency: bool | None,
    finding: Finding | None,
) -> None:
    number = line("number", number)
    same = select(Recommendation.id).where(of_plan(Recommendation, plan), Recommendation.number == number)
    with db.session.no_autoflush:
        if number and db.session.scalar(same.where(Recommendation.id != (recommendation.id or 0))):
            raise Refused(f"The plan already has a recommendation {number}", field="number")
    if finding is not None and finding.plan_id != plan.id:
        raise Refused("Choose a finding of this plan", field="finding")
    recommendation.number, recommendation.number_order = number, natural_order(number)
    recommendation.text = words("text", text, required="Enter the recommendation")
    recommendation.scope = line("scope", scope)
    recommendation.multi_agency = multi_agency
    recommendation.finding_id = finding.id if finding else None


@use_case
@once_on_plan
def address_recommendation(
    recommendation: Recommendation,
    *,
    by: User | None,
    name: str,
    sent_on: date | None = None,
    due_on: date | None = None,
    version: int | None = None,
    submission_key: str | None = None,
) -> Addressee:
    """Send a recommendation to a body, which answers for itself.

    Raises:
        Refused: no body, one that has it already, a day of sending to come, or an answer due before it.
    """
    claim_plan(recommendation.plan, by, version, submission_key)
    name = line("name", name, required="Enter the body it is addressed to")
    if any(other.name.casefold() == name.casefold() for other in recommendation.addressees):
        raise Refused(f"It is addressed to {name} already", field="name")
    check_days(sent_on, due_on)
    addressee = Addressee(name=name, sent_on=sent_on, due_on=due_on)
    addressee.agency_id = agency_number(recommendation.plan.partnership_id, name)
    recommendation.addressees.append(addressee)
    return addressee


@use_case
@once_on_plan
def change_addressee(
    addressee: Addressee,
    *,
    by: User | None,
    sent_on: date | None,
    due_on: date | None,
    why: str,
    version: int | None = None,
    submission_key: str | None = None,
) -> Addressee:
    """Put right when a recommendation was sent to a body and when its answer is due. The days before stay on record.

    Raises:
        Refused: no reason, the days that stand there, one of sending to come or after the answer, or an answer due
            before it was sent.
    """
    claim_plan(addressee.recommendation.plan, by, version, submission_key)
    check_days(sent_on, due_on)
    if sent_on and addressee.responded_on and sent_on > addressee.responded_on:
        raise Refused(f"It was answered on {spelled(addressee.responded_on)}, before it was sent", field="sent_on")
    if (sent_on, due_on) == (addressee.sent_on, addressee.due_on):
        raise Refused("These are the dates on record: change one of them", field="sent_on")
    keep_as_it_was(addressee, by, words("why", why, required="Enter why the dates change"))
    addressee.sent_on, addressee.due_on = sent_on, due_on
    return addressee


def check_days(sent_on: date | None, due_on: date | None) -> None:
    """Raises Refused for a day of sending to come, and for an answer due before it."""
    if sent_on and sent_on > clock.today():
        raise Refused("The date must be today or in the past", field="sent_on")
    if sent_on and due_on and due_on < sent_on:
        raise Refused("The answer cannot be due before it was sent", field="due_on")


def keep_as_it_was(addressee: Addressee, by: User | None, why: str) -> None:
    """Puts on record what *addressee* says before it is changed."""
    was = AddresseeChange(
        addressee=addressee,
        sent_on=addressee.sent_on,
        due_on=addressee.due_on,
        response=addressee.response,
        responded_on=addressee.responded_on,
        reason=addressee.reason,
        why=why,
        changed_by=by,
    )
    db.session.add(was)


@use_case
@once_on_plan
def record_response(
    addressee: Addressee,
    *,
    by: User | None,
    response: str,
    on: date,
    reason: str = "",
    version: int | None = None,
    submission_key: str | None = None,
) -> Addressee:
    """What a body answered: accepted, partly, refused or no_reply. An answer recorded before stays on record.

    Raises:
        Refused: no such answer; partly or refused without a reason; or a day before it was sent or to come.
    """
    claim_plan(addressee.recommendation.plan, by, version, submission_key)
    if response not in RESPONSES:
        raise Refused("Choose what was answered", field="response")
    if response in ("partly", "refused") and not reason.strip():
        raise Refused("Enter the reason that was given", field="reason")
    if on > clock.today():
        raise Refused("The date must be today or in the past", field="on")
    if addressee.sent_on and on < addressee.sent_on:
        raise Refused("The answer cannot have come before it was sent", field="on")
    if addressee.response:
        keep_as_it_was(addressee, by, "")
    addressee.response, addressee.responded_on = response, on
    addressee.reason = words("reason", reason)
    return addressee
