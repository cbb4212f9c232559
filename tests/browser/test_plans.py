"""The pages of plans, full, asking and in error, as axe and the narrowest screen see them."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

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
    "/plans/2/findings/add": "Save the finding",
    "/plans/2/recommendations/4/bodies/add": "Save the body",
    "/plans/actions/3/supersede": "Record",
}


# Drawn with what is there already: looked at full.
FULL = (
    "/plans/2/change",
    "/plans/2/recommendations/4/change",
    "/plans/2/recommendations/4/similar",
    "/plans/actions/3/change",
)


def test_every_page_of_plans(seen_by: Callable[[Role], Page], inspect: Callable[[Page], None]) -> None:
    page = seen_by(Role.OFFICER)
    page.goto("/plans/2/findings/add")
    page.get_by_label("What was found?").fill("Nobody asked.")
    page.get_by_label("Routine enquiry").check()
    page.get_by_role("button", name="Save the finding").click()
    page.goto("/plans/2/recommendations/4/bodies/add")
    page.get_by_label("Which body is it addressed to?").fill("Home Office")
    page.get_by_role("button", name="Save the body").click()
    page.get_by_role("link", name="Record the answer").click()
    inspect(page)
    send_empty(page, "Record the answer")
    expect_errors(page)
    inspect(page)
    dates = page.url.replace("/answer", "/dates")
    page.goto(dates)
    send_empty(page, "Save the dates")
    expect_errors(page)
    inspect(page)
    page.get_by_label("Year").last.fill("2030")
    page.get_by_label("Month").last.fill("6")
    page.get_by_label("Day").last.fill("1")
    page.get_by_label("Why do the dates change?").fill("They asked for a month")
    page.get_by_role("button", name="Save the dates").click()
    page.get_by_role("link", name="Change the dates").click()
    expect(page.get_by_text("They asked for a month")).to_be_visible()
    inspect(page)
    page.goto("/plans/2/recommendations/add")
    page.get_by_label("Recommendation", exact=True).fill("Routine enquiry in maternity")
    page.get_by_role("button", name="Look for similar ones").click()
    inspect(page)
    for address in (*READ, *FULL):
        page.goto(address)
        inspect(page)
    for address, button in ASKED.items():
        page.goto(address)
        inspect(page)
        send_empty(page, button)
        expect_errors(page)
        inspect(page)


FILE = """Recommendation,Action,In charge,Target date
1. Train,Find,Police,31/06/2024
,Teach,Police,Ongoing
,Ask,,June
"""


def test_a_plan_file_is_explained_on_pages(seen_by: Callable[[Role], Page], inspect: Callable[[Page], None]) -> None:
    page = seen_by(Role.OFFICER)
    page.goto("/plans/begin")
    page.get_by_label("What is the plan called?").fill("Drug and alcohol plan")
    page.get_by_role("button", name="Save the plan").click()
    page.get_by_role("button", name="Import a plan").click()
    send_empty(page, "Check the file")
    inspect(page)
    page.get_by_label("Action plan").set_input_files(
        {"name": "plan.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    )
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("0 of 3 rows can be imported as they are")
    inspect(page)
    page.get_by_label("“June”: which year?").fill("whenever")
    page.get_by_role("button", name="Save the answers").click()
    expect_errors(page)
    inspect(page)
    page.get_by_role("link", name="Say which column is which").click()
    inspect(page)
    page.get_by_label("In charge").select_option("Action to take")
    page.get_by_role("button", name="Save the columns").click()
    expect_errors(page)
    inspect(page)
