"""What a review found, under its themes."""

from collections.abc import Sequence

from sqlalchemy import func, select

from tracker.extensions import db
from tracker.models.plans import Finding, FindingTheme, Plan
from tracker.models.users import User
from tracker.services.plans import claim_plan, of_plan, once_on_plan
from tracker.services.texts import line, words
from tracker.services.use_case import use_case


@use_case
@once_on_plan
def add_finding(
    plan: Plan,
    *,
    by: User | None,
    text: str,
    themes: Sequence[str] = (),
    version: int | None = None,
    submission_key: str | None = None,
) -> Finding:
    """What the review found, with its themes.

    Raises:
        Refused: it says nothing.
    """
    claim_plan(plan, by, version, submission_key)
    finding = new_finding(plan, text, themes)
    finding.position = 1 + (db.session.scalar(select(func.max(Finding.position)).where(of_plan(Finding, plan))) or 0)
    db.session.add(finding)
    return finding


def new_finding(plan: Plan, text: str, themes: Sequence[str]) -> Finding:
    named = dict.fromkeys(line("themes", theme) for theme in themes)
    return Finding(
        plan_id=plan.id,
        text=words("text", text, required="Enter the finding"),
        themes=[FindingTheme(theme=theme) for theme in named if theme],
    )


@use_case
@once_on_plan
def change_finding(
    finding: Finding,
    *,
    by: User | None,
    text: str,
    themes: Sequence[str],
    version: int | None = None,
    submission_key: str | None = None,
) -> Finding:
    """Put a finding in other words, or under other themes."""
    claim_plan(finding.plan, by, version, submission_key)
    finding.text = words("text", text, required="Enter the finding")
    wanted = {line("themes", theme) for theme in themes} - {""}
    finding.themes = [kept for kept in finding.themes if kept.theme in wanted] + [
        FindingTheme(theme=theme) for theme in sorted(wanted - {kept.theme for kept in finding.themes})
    ]
    return finding
