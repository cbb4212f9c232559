"""Taking a case's history out of the tracker."""

from tracker.errors import Refused
from tracker.models.cases import Case
from tracker.models.users import User
from tracker.policy import Action, ensure
from tracker.services.use_case import use_case

FORMATS = ("page", "html", "pdf", "json")  # "page" is shown; the others are files


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
