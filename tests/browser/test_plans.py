"""The pages of plans, full, asking and in error, as axe and the narrowest screen see them."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.inspecting import expect_errors
from tests.browser.test_accessibility import inspect, open_pilot, pilot_app, seen_by, send_empty
from tracker.models import Role

__all__ = ["inspect", "open_pilot", "pilot_app", "seen_by"]
READ = ("/cases/DHR-2023-001/plan", "/cases/DHR-2021-001/plan", "/plans", "/plans/2", "/plans/actions/1")
ASKED = {
    "/plans/begin": "Save the plan",
    "/plans/2/recommendations/add": "Save the recommendation",
    "/plans/actions/3/update": "Add the update",
    "/plans/actions/3/move": "Move the target",
    "/plans/2/import": "Check the file",
}


def test_every_page_of_plans(seen_by: Callable[[Role], Page], inspect: Callable[[Page], None]) -> None:
    page = seen_by(Role.OFFICER)
    for address in READ:
        page.goto(address)
        inspect(page)
    for address, button in ASKED.items():
        page.goto(address)
        inspect(page)
        send_empty(page, button)
        expect_errors(page)
        inspect(page)
