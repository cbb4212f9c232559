"""Taking a case's history, or a list of cases, out of the tracker."""

from collections.abc import Mapping, Sequence

from tracker.errors import Refused
from tracker.models.cases import Case
from tracker.models.partnerships import Partnership
from tracker.models.plans import Plan
from tracker.models.users import User
from tracker.policy import Action, ensure
from tracker.services.use_case import use_case

FORMATS = ("page", "html", "pdf", "json")  # "page" is shown; the others are files
REGISTER_FORMATS = ("xlsx", "csv")
MOST_LISTED = 5_000  # cases in one file: beyond it, making the file would keep its reader waiting


@use_case
def export_history(case: Case, *, by: User | None, format: str, reason: str = "") -> None:
    """Put on the audit that the history of *case* is given out. To be called before it is.

    Raises:
        NotFound: *by* may not see the case. NotPermitted: they may not take its history out.
        Refused: no such format; or no reason, where somebody asks for it on a page.
    """
    ensure(by, Action.EXPORT_HISTORY, case)
    if format not in FORMATS:
        raise Refused("Select how you want the history", field="format")
    if by is not None and not reason.strip():
        raise Refused("Enter why you need the history", field="reason")


@use_case
def export_register(
    register: str,
    *,
    by: User,
    partnerships: Sequence[Partnership],
    format: str,
    reason: str,
    filters: Mapping[str, str],
    cases: int,
    whole: bool,
) -> None:
    """Put on the audit that a list of cases is given out. To be called before it is.

    Args:
        partnerships: whose cases *by* may take out. filters: what the list asked for; *cases*: how many it found;
            *whole*: whether those are all.

    Raises:
        NotPermitted: *by* may take nothing out.
        Refused: no such format, no reason, or more cases than one file holds.
    """
    ensure(by, Action.EXPORT_HISTORY)
    if format not in REGISTER_FORMATS:
        raise Refused("Select how you want the list", field="format")
    if not reason.strip():
        raise Refused("Enter why you need the list", field="reason")
    if not whole:
        raise Refused(f"The list has more than {MOST_LISTED:,} cases. Add a filter, and download it in parts")


@use_case
def export_actions(
    table: str, *, by: User, partnerships: Sequence[Partnership], format: str, filters: Mapping[str, str], rows: int
) -> None:
    """Put on the audit that a table of actions, or the scorecard, is given out. To be called before it is.

    Args:
        partnerships: whose actions *by* may take out. filters: what the list asked for; *rows*: how many it found.

    Raises:
        NotPermitted: *by* may take nothing out.
        Refused: more actions than one file holds.
    """
    ensure(by, Action.EXPORT_HISTORY)
    if rows > MOST_LISTED:
        raise Refused(f"The list has more than {MOST_LISTED:,} actions. Choose an agency, and download it in parts")


@use_case
def export_plan(plan: Plan, *, by: User | None, kind: str) -> None:
    """Record that a plan is taken out: as xlsx, csv, pdf, its public version, or its course over time."""
    ensure(by, Action.EXPORT_HISTORY, plan.case, within=plan.partnership_id)
