"""What the law asks of a death before it is reviewed, as it was found at the referral."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.queries.history_words import MET_WORDS, plain
from tracker.web.cases.opened import OpenedCase

KINDS = {"met": "met", "not_met": "none", "unclear": "waits"}


@dataclass(frozen=True, slots=True)
class FoundCriterion:
    """One condition. `status`: kind and words; `evidence`: what shows it, empty where nothing was recorded."""

    label: str
    status: tuple[str, str]
    evidence: str


def criteria(opened: OpenedCase) -> Sequence[FoundCriterion]:
    """Each condition that was recorded, in the order of the referral."""
    labels = {criterion.key: criterion.label for criterion in opened.reckoning.procedure.criteria}
    return [
        FoundCriterion(
            label=labels.get(found["key"]) or plain(found["key"]),
            status=(KINDS.get(found["met"], "none"), MET_WORDS.get(found["met"], found["met"])),
            evidence=found.get("evidence", ""),
        )
        for found in opened.case.criteria
    ]
