"""The first line of the first page: what each role finds, as a sentence."""

from collections.abc import Mapping
from typing import Any

from tracker.models.users import Role
from tracker.queries.cases import MOST_COUNTED
from tracker.web.case_words import capitalised, lasting, number_word
from tracker.web.filters import quantity

Numbers = Mapping[str, Any]
SOON = "something due in the next 7 days"


def finding(role: Role, numbers: Numbers) -> tuple[str, bool]:
    """The sentence, and whether somebody has to act on it."""
    match role:
        case Role.OFFICER:
            return dates("mine_overdue", "mine_soon", "of your cases", "Nothing of yours", numbers)
        case Role.CHAIR:
            if waiting := numbers["to_decide"]:
                return f"{cases(waiting)} {'is' if waiting == 1 else 'are'} waiting for your decision", True
            return "No case is waiting for your decision", False
        case Role.MANAGER:
            return dates("overdue", "soon", "cases", "Nothing", numbers)
        case Role.AUDITOR:
            return auditing(numbers)
        case Role.PARTNER:
            return asked(numbers)
    return administering(numbers)


def dates(late_key: str, soon_key: str, whose: str, nothing: str, numbers: Numbers) -> tuple[str, bool]:
    """Three of your cases are overdue, and four have something due in the next 7 days"""
    late, soon = numbers[late_key], numbers[soon_key]
    if not late and not soon:
        return f"{nothing} is overdue or due in the next 7 days", False
    if not late:
        has = "has" if soon == 1 else "have"
        return f"Nothing is overdue, and {some(soon, whose)} {has} {SOON}", True
    first = f"{capitalised(some(late, whose, soon))} {'is' if late == 1 else 'are'} overdue"
    if not soon:
        return f"{first}, and nothing else is due in the next 7 days", True
    return f"{first}, and {number(soon, late)} {'has' if soon == 1 else 'have'} {SOON}", True


def auditing(numbers: Numbers) -> tuple[str, bool]:
    """You may examine 25 cases, and the record of changes is intact"""
    if numbers["verified"] is False:
        return "The record of changes is not intact", True
    examined = numbers["open"] + numbers["closed"]
    many = f"more than {MOST_COUNTED} cases" if examined > MOST_COUNTED else quantity(examined, "case")
    stands = "is intact" if numbers["verified"] else "has not been verified yet"
    return f"You may examine {many}, and the record of changes {stands}", False


def administering(numbers: Numbers) -> tuple[str, bool]:
    """Six people have access, and one check of the tracker has failed"""
    people, failed = numbers["users"], numbers["checks_failed"]
    said = f"{people} {'person has' if people == 1 else 'people have'} access"
    if not failed:
        return said, False
    return f"{said}, and {number(failed)} nightly {'check has' if failed == 1 else 'checks have'} failed", True


def asked(numbers: Numbers) -> tuple[str, bool]:
    """Teme Meadow Homes has one request to answer and two actions to carry out, the oldest 9 days overdue"""
    requests, actions, late = numbers["requests"], numbers["actions"], numbers["latest"]
    if not requests + actions:
        return "Nothing is waiting for you", False
    overdue = f", {'' if requests + actions == 1 else 'the oldest '}{lasting(late)} overdue" if late > 0 else ""
    counts = ((requests, "request", "to answer"), (actions, "action", "to carry out"))
    said = [
        f"{number(count, requests, actions)} {noun}{'' if count == 1 else 's'} {verb}"
        for count, noun, verb in counts
        if count
    ]
    return f"{numbers['agency']} has {' and '.join(said)}{overdue}", True


def number(count: int, *beside: int) -> str:
    """four, 12, more than 500; in figures too where a number *beside* it is"""
    return f"more than {MOST_COUNTED}" if count > MOST_COUNTED else number_word(count, *beside)


def some(count: int, whose: str, *beside: int) -> str:
    """one of your cases, four cases"""
    return f"{number(count, *beside)} {'case' if count == 1 and whose == 'cases' else whose}"


def cases(count: int) -> str:
    return capitalised(some(count, "cases"))
