"""The lists of the monitoring pages as tables to take away. They hold no names of people."""

from collections.abc import Iterable, Sequence
from datetime import date

from tracker import clock
from tracker.exports.registers import Value
from tracker.models.plans import ActionEvent, Addressee, Plan, PlannedAction
from tracker.procedures.plan_status import STATUS_WORDS
from tracker.queries.scorecards import Scorecard

Rows = Sequence[Sequence[Value]]

ACTIONS = (
    "Plan", "Recommendation", "Action", "Lead agency", "Target", "Counts by", "Status", "Rating", "Why", "Blocked",
    "Times moved",
)  # fmt: skip
SLIPPED = ("Recorded on", "Plan", "Action", "Lead agency", "From", "To", "Days", "Why", "Times moved")
NATIONAL = ("Plan", "Number", "Recommendation", "Addressed to", "Sent", "Answer due", "Days overdue")
SCORECARD = (
    "By",
    "Name",
    "Not yet verified",
    "Late",
    "Blocked",
    "To be verified",
    "Verified",
    "Came back in plans",
)


def place(plan: Plan) -> str:
    """Whose plan it is: the case's reference, or its own title."""
    return plan.case.reference if plan.case else plan.title


def action_rows(actions: Iterable[PlannedAction], today: date) -> Rows:
    return [action_row(action, today) for action in actions]


def action_row(action: PlannedAction, today: date) -> Sequence[Value]:
    rated = action.rated(today)
    return [
        place(action.plan),
        action.recommendation.number,
        action.text,
        action.lead_agency,
        action.target_text,
        action.due_on,
        STATUS_WORDS[action.status],
        (rated.rating or "").capitalize(),
        rated.reason,
        "Yes" if action.blocked else "",
        action.slips,
    ]


def slipped_rows(moved: Iterable[ActionEvent]) -> Rows:
    return [
        [
            clock.london(event.recorded_at).date(),
            place(event.action.plan),
            event.action.text,
            event.action.lead_agency,
            event.old_due_on,
            event.new_due_on,
            (event.new_due_on - event.old_due_on).days if event.old_due_on and event.new_due_on else None,
            event.text,
            event.action.slips,
        ]
        for event in moved
    ]


def national_rows(waiting: Iterable[Addressee], today: date) -> Rows:
    return [
        [
            place(addressee.recommendation.plan),
            addressee.recommendation.number,
            addressee.recommendation.text,
            addressee.name,
            addressee.sent_on,
            addressee.due_on,
            max((today - addressee.due_on).days, 0) if addressee.due_on else None,
        ]
        for addressee in waiting
    ]


def scorecard_rows(scorecard: Scorecard) -> Rows:
    tallies = [("Lead agency", each) for each in scorecard.agencies] + [("Theme", each) for each in scorecard.themes]
    return [
        [
            by, each.name or "Not named", each.live, each.late, each.blocked, each.to_verify, each.verified,
            scorecard.returns.get(each.name, 0) if by == "Theme" else None,
        ]
        for by, each in tallies
    ]  # fmt: skip
