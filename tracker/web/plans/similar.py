"""Recommendations that are like one another, and what became of them in words."""

from collections import Counter

from tracker.models.plans import Plan, Recommendation
from tracker.procedures.plan_status import STATUS_WORDS
from tracker.queries.similar_recommendations import similar_recommendations
from tracker.web.access import signed_in
from tracker.web.filters import quantity
from tracker.web.plans.forms import RESPONSES

ANSWERS = dict(RESPONSES)


def similar_to(text: str, plan: Plan) -> list[tuple[Recommendation, list[str]]]:
    """The recommendations of other plans that are most like *text*, each with what became of it."""
    return [(other, what_became_of(other)) for other in similar_recommendations(signed_in(), text, beside=plan)]


def what_became_of(recommendation: Recommendation) -> list[str]:
    """What its addressees answered, and how many of its actions came how far."""
    answers = [f"{ANSWERS.get(each.response, 'Awaited')}: {each.name}" for each in recommendation.addressees]
    return [*answers, actions_in_words(recommendation)]


def actions_in_words(recommendation: Recommendation) -> str:
    """How far its actions came: “3 actions: 2 verified complete, 1 in progress”."""
    counted = Counter(action.status for action in recommendation.actions)
    if not counted:
        return "No action was added"
    parts = [f"{counted[status]} {words.lower()}" for status, words in STATUS_WORDS.items() if counted[status]]
    return f"{quantity(counted.total(), 'action')}: {', '.join(parts)}"
