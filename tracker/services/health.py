"""The slow checks: whether the stored dates are what the facts say, and whether the audit is as it was written."""

from collections.abc import Mapping
from typing import NamedTuple

from flask import current_app

from tracker import clock
from tracker.extensions import db, reads
from tracker.models.health import CheckResult
from tracker.models.users import User
from tracker.queries.audit_chain import Anchor, verified
from tracker.queries.health import AUDIT, DATES
from tracker.queries.projections import wrong_projections
from tracker.services.audit_chain import mail_anchor
from tracker.services.use_case import use_case


class Answer(NamedTuple):
    """What a check found, in words that name no case and nobody."""

    passed: bool
    says: str


def run_slow_checks() -> dict[str, Answer]:
    """Runs them all and keeps the answers. To be done every night; it takes no lock while it reads.

    The last number and seal of the audit go to the log, and once a day by mail, where whoever changes the database does
    not reach them.
    """
    with reads():
        cases, differences = wrong_projections()
        audit = verified()
        db.session.rollback()
    current_app.logger.info("Audit verified up to entry %d, seal %s", audit.head.number, audit.head.seal)
    wrong = {str(difference["case"]) for difference in differences}
    answers = {
        DATES: Answer(not wrong, f"{len(wrong) or 'None'} of {cases} cases with dates that their facts do not give"),
        AUDIT: Answer(audit.intact, "Intact" if audit.intact else f"Entry {audit.first_bad}: {audit.why}"),
    }
    keep_answers("slow checks", by=None, answers=answers, head=audit.head)
    return answers


@use_case
def keep_answers(scope: str, *, by: User | None, answers: Mapping[str, Answer], head: Anchor) -> None:
    """Put down what the slow checks found, in place of what they found before. *head*: the last entry of the audit."""
    mail_anchor(head, answers[AUDIT].says)
    for name, answer in answers.items():
        db.session.merge(CheckResult(name=name, checked_at=clock.now(), passed=answer.passed, says=answer.says))
