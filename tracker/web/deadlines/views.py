"""What is due across cases: by week, by month, and what waits without a date."""

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import NotFound
from tracker.policy import Action
from tracker.queries.deadlines import DeadlineFilter, deadline_counts, deadline_page, month_deadlines
from tracker.web.access import requires, signed_in
from tracker.web.deadlines.listing import Listing, address, may_have_own, month_address, views
from tracker.web.deadlines.months import last_of, month_called, month_of
from tracker.web.forms import as_date
from tracker.web.frame import address_of

pages = Blueprint("deadlines", __name__, url_prefix="/deadlines")

HIGHEST_PAGE = 10_000


def asked_for(*, undated: bool = False, on: date | None = None) -> DeadlineFilter:
    """What the address asks for; what it says wrongly is as if it were not said."""
    page = request.args.get("page", "")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < len(str(HIGHEST_PAGE)) else 1
    mine = request.args.get("whose") == "mine" and may_have_own(signed_in())
    return DeadlineFilter(mine, undated, on, number)


def listed(here: str, wanted: DeadlineFilter) -> ResponseReturnValue:
    """The page of a list."""
    viewer, today = signed_in(), clock.today()
    counts = deadline_counts(viewer, today, mine=wanted.mine) if here == "index" else None
    return render_template(
        "deadlines/list.html",
        listing=Listing(viewer, wanted, deadline_page(viewer, wanted, today), today, counts),
        views=views(here, today, mine=wanted.mine),
        mine_href=address(DeadlineFilter(True, wanted.undated, wanted.on)) if may_have_own(viewer) else "",
        all_href=address(DeadlineFilter(False, wanted.undated, wanted.on)),
        actions_href=address_of("actions.index"),
    )


@pages.route("")
@requires(Action.READ_CASE)
def index() -> ResponseReturnValue:
    """What has a date, week by week, what is overdue first."""
    return listed("index", asked_for())


@pages.route("/undated")
@requires(Action.READ_CASE)
def undated() -> ResponseReturnValue:
    """What is due as soon as practicable, waits for somebody else, or is excused by a hold."""
    return listed("undated", asked_for(undated=True))


@pages.route("/day/<on>")
@requires(Action.READ_CASE)
def day(on: str) -> ResponseReturnValue:
    """Everything that is or was due on a day."""
    due_on = as_date(on)
    if due_on is None:
        raise NotFound
    return listed("day", asked_for(on=due_on))


@pages.route("/month/<month>")
@requires(Action.READ_CASE)
def month(month: str) -> ResponseReturnValue:
    """What is or was due in a month, met or not."""
    viewer, today, first = signed_in(), clock.today(), month_called(month)
    mine = asked_for().mine
    shown = month_of(first, month_deadlines(viewer, first, last_of(first), mine=mine), today)
    return render_template(
        "deadlines/month.html",
        month=shown,
        mine=mine,
        views=views("month", today, mine=mine),
        mine_href=month_address(first, mine=True) if may_have_own(viewer) else "",
        all_href=month_address(first, mine=False),
        previous_href=month_address(shown.previous, mine=mine) if shown.previous else "",
        following_href=month_address(shown.following, mine=mine) if shown.following else "",
        day_href=lambda on: address(DeadlineFilter(mine, on=on)),
    )
