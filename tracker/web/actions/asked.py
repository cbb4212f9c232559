"""What the address of the monitoring pages asks for."""

from datetime import date
from typing import Any

from flask import request

from tracker.procedures.periods import months_after
from tracker.queries.monitoring import KINDS, ActionFilter
from tracker.web.fields import without_unfit

LONGEST_PAGE = 6  # figures


def wanted_actions() -> ActionFilter:
    """What the address asks for; what it cannot ask for is left out."""
    kind, page = request.args.get("kind", ""), request.args.get("page", "")
    return ActionFilter(
        kind=kind if kind in KINDS else "live",
        agency=without_unfit(request.args.get("agency", ""))[:200],
        theme=without_unfit(request.args.get("theme", ""))[:200],
        page=int(page) if page.isascii() and page.isdecimal() and len(page) <= LONGEST_PAGE else 1,
    )


def address_of(wanted: ActionFilter) -> dict[str, Any]:
    """The address of a list, less its page."""
    parts = {"kind": wanted.kind, "agency": wanted.agency, "theme": wanted.theme}
    return {name: value for name, value in parts.items() if value}


def first_of_last_month(today: date) -> date:
    return months_after(today.replace(day=1), -1)
