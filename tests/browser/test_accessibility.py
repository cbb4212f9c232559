"""Every page, full, empty and with errors: for axe, on the narrowest screen, and without a complaint of the browser."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browser.inspecting import expect_accessible, expect_errors, expect_to_fit, watch, width_of
from tests.browser.pilot import Pilot, pilot
from tests.browser.walking import Walker
from tests.builders import make_case, make_user
from tests.databases import Databases, make_app
from tracker import clock
from tracker.models import Role, User
from tracker.procedures import CASE_TYPES
from tracker.services.users import make_new_link

ON_HOLD, UNDECIDED, CORRECTED, PLANNED = "DHR-2026-001", "ASB-2026-003", "ASB-2024-002", "OWHR-2026-001"
PILOT_YEAR = "since=2024-04-01&until=2025-03-31"
A4 = 718  # CSS pixels between the margins that Chromium leaves
NOT_PAGES = {
    "static",
    "account.remove_away",
    "actions.sheet",
    "actions.table_csv",
    "attachments.dispose",
    "attachments.download",
    "branding.logo",
    "branding.style",
    "calendar.action",
    "calendar.deadline",
    "calendar.own",
    "health.show",
    "learning.themes_csv",
    "plans.course",
    "reports.figures_csv",
    "reports.figures_json",
    "reports.outcomes_csv",
    "sign_in.sign_out",
}

Inspect = Callable[..., None]


@pytest.fixture(scope="module")
def pilot_app(sqlite_databases: Databases) -> Flask:
    return make_app(sqlite_databases.copy(), sqlite_databases.folder / "instance of the pilot")


@pytest.fixture(scope="module")
def open_pilot(pilot_app: Flask, browser: Browser) -> Iterator[Pilot]:
    with pilot(pilot_app, browser) as opened:
        yield opened


@pytest.fixture
def seen_by(open_pilot: Pilot) -> Iterator[Callable[[Role], Page]]:
    """The window of somebody with this role, signed in to the pilot."""
    open_pilot.complaints.clear()
    yield open_pilot.seen_by
    assert open_pilot.complaints == []


@pytest.fixture(scope="session")
def inspect() -> Inspect:
    """`inspect(page)` fails where axe finds anything, or where the narrowest screen would scroll sideways.

    `colours=False` saves time where a page of the same macros has shown its colours already.
    """
    axe = Axe()

    def hold_to_all(page: Page, *, colours: bool = True) -> None:
        page.wait_for_load_state()
        expect(page.get_by_role("heading", level=1), page.url).to_have_count(1)
        expect_accessible(page, axe, colours=colours)
        expect_to_fit(page)

    return hold_to_all


# -- Pages to read -----------------------------------------------------------------------------------------------------

ADMINISTERED = (
    "", "/agencies", "/agencies/1", "/agencies/1/bring-back", "/users", "/users?text=nobody", "/users/1",
    "/users/1/roles/1/remove", "/users/1/link", "/users/1/disable", "/users/1/enable",
    "/partnerships", "/themes", "/themes/1/retire", "/themes/1/bring-back",
    "/settings", "/settings/history", "/settings/asb.panel/withdraw/2099-01-01",
)  # fmt: skip
READ = [
    (Role.OFFICER, "/cases"),
    (Role.OFFICER, "/cases?status=all&sort=lead&page=2"),
    (Role.OFFICER, "/cases?reference=nothing"),
    (Role.OFFICER, "/cases?type=owhr&status=overdue"),
    (Role.CHAIR, "/cases"),
    (Role.MANAGER, "/cases?status=overdue"),
    (Role.AUDITOR, "/cases"),
    *((role, "/") for role in Role),
    (Role.PARTNER, "/guide"),
    *((role, f"/guide/{role}") for role in Role),
    (Role.PARTNER, "/guide/accessibility"),
    (Role.PARTNER, "/privacy"),
    (Role.CHAIR, f"/cases/{UNDECIDED}/threshold"),
    *((Role.OFFICER, f"/cases/{case}/timeline") for case in (ON_HOLD, CORRECTED)),
    (Role.OFFICER, f"/cases/{CORRECTED}/timeline?kind=moves"),
    (Role.OFFICER, f"/cases/{CORRECTED}/timeline?known_on=2024-07-24"),
    (Role.OFFICER, f"/cases/{CORRECTED}/timeline?known_on=2020-06-01"),
    *((Role.OFFICER, f"/cases/{case}/deadlines") for case in (ON_HOLD, UNDECIDED, CORRECTED, PLANNED)),
    (Role.OFFICER, f"/cases/{CORRECTED}/history"),
    (Role.AUDITOR, f"/cases/{UNDECIDED}/history"),
    *((Role.OFFICER, f"/cases/{case}/steps") for case in (ON_HOLD, UNDECIDED, CORRECTED, PLANNED)),
    (Role.CHAIR, f"/cases/{UNDECIDED}/steps"),
    (Role.OFFICER, f"/cases/{ON_HOLD}/people"),
    (Role.AUDITOR, f"/cases/{CORRECTED}/decisions"),
    (Role.OFFICER, f"/cases/{CORRECTED}/qa"),
    (Role.OFFICER, f"/cases/{CORRECTED}/publication"),
    (Role.MANAGER, f"/cases/{ON_HOLD}/access"),
    (Role.MANAGER, f"/cases/{ON_HOLD}/access/conflict/withdraw"),
    (Role.MANAGER, f"/cases/{ON_HOLD}/people/reassign"),
    (Role.OFFICER, f"/cases/{ON_HOLD}/files"),
    (Role.OFFICER, "/plans/2/files"),
    (Role.MANAGER, "/deadlines"),
    (Role.OFFICER, "/deadlines/undated"),
    (Role.OFFICER, "/deadlines/month/2026-11"),
    (Role.OFFICER, "/deadlines/day/2026-11-24"),
    (Role.PARTNER, "/account"),
    (Role.OFFICER, "/notices"),
    (Role.CHAIR, "/account/reminders"),
    (Role.OFFICER, "/account/calendar"),
    (Role.ADMINISTRATOR, "/admin/health"),
    (Role.ADMINISTRATOR, "/admin/mail"),
    (Role.ADMINISTRATOR, "/admin/mail/nothing.eml"),  # not found
    (Role.ADMINISTRATOR, "/admin/messages"),
    (Role.ADMINISTRATOR, "/admin/messages/tomorrow"),
    (Role.ADMINISTRATOR, f"/admin/messages/{'0' * 32}"),  # not found
    *((Role.ADMINISTRATOR, f"/admin{path}") for path in ADMINISTERED),
    (Role.MANAGER, f"/reports?{PILOT_YEAR}"),
    *((Role.MANAGER, f"/actions{path}") for path in ("", "/scorecard", "/slipped", "/national")),
    (Role.MANAGER, "/learning"),
    (Role.OFFICER, "/learning/theme?name=Professional+curiosity"),
    (Role.OFFICER, "/learning/briefings/1/remove"),
    (Role.AUDITOR, f"/reports/cases?figure=A1&{PILOT_YEAR}"),
    (Role.OFFICER, "/cases/DHR-1999-001"),  # not found
    (Role.AUDITOR, "/cases/log"),  # not permitted
    (Role.OFFICER, "/sign-out"),  # not by this method
]


@pytest.mark.parametrize(("role", "address"), READ)
def test_a_page(seen_by: Callable[[Role], Page], inspect: Inspect, role: Role, address: str) -> None:
    page = seen_by(role)
    page.goto(address)
    inspect(page)


def test_an_overview_at_every_stage(open_pilot: Pilot, seen_by: Callable[[Role], Page], inspect: Inspect) -> None:
    page = seen_by(Role.OFFICER)
    for address in open_pilot.overviews():
        page.goto(address)
        inspect(page)


@pytest.mark.parametrize("address", ["/cases", "/deadlines", f"/cases/{ON_HOLD}", f"/reports?{PILOT_YEAR}"])
def test_a_page_on_paper_is_as_wide_as_the_paper_and_prints_no_address(
    seen_by: Callable[[Role], Page], address: str
) -> None:
    page = seen_by(Role.MANAGER)
    page.goto(address)
    size = page.viewport_size
    assert size
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4, "height": 1000})
    wide = width_of(page)
    added = page.locator("main a[href]").evaluate_all("links => links.map(a => getComputedStyle(a, '::after').content)")
    page.emulate_media(media="screen")
    page.set_viewport_size(size)
    assert wide == A4
    assert set(added) == {"none"}


def test_the_shape_of_every_status_is_seen_in_forced_colours(seen_by: Callable[[Role], Page]) -> None:
    page = seen_by(Role.OFFICER)
    page.goto("/cases")
    page.emulate_media(forced_colors="active", color_scheme="dark")
    shapes = page.locator(".status").evaluate_all(
        "all => all.map(status => [getComputedStyle(status, '::before').color, getComputedStyle(document.body).color])"
    )
    page.emulate_media(forced_colors="none", color_scheme="light")
    assert {shape == text for shape, text in shapes} == {True}, shapes


# -- Pages that ask ----------------------------------------------------------------------------------------------------

ASK = [
    ("/cases/log", "Continue"),
    (f"/cases/{ON_HOLD}/events/2/correct", "Continue"),
    (f"/cases/{ON_HOLD}/events/2/correct/never", "Record the correction"),
    (f"/cases/{ON_HOLD}/events/2/correct/otherwise", "Record the correction"),
    (f"/cases/{CORRECTED}/history/export", "Export the history"),
    (f"/cases/{ON_HOLD}/access/restrict", "Restrict the case"),
    (f"/cases/{ON_HOLD}/access/conflict", "Declare the conflict of interest"),
    (f"/cases/{UNDECIDED}/decisions/threshold", "Continue"),
    ("/reports/period", "Show the figures"),
    ("/cases/views?status=overdue", "Save this list"),
    ("/account/away", "Add these days"),
    ("/cases/export?status=overdue", "Download the list"),
    ("/learning/themes/1/briefings/add", "Save"),
    ("/learning/briefings/1/change", "Save"),
]
ADMINISTER = [
    ("/admin/settings/asb.acknowledge", "See what it moves"),
    ("/admin/settings/help.contact", "See what it moves"),
    ("/admin/branding", "See how it looks"),
    ("/admin/settings/asb.limbs", "See what it touches"),
    ("/admin/settings/reminders.ladder", "See what it touches"),
    ("/admin/users/add", "Add the user"),
    ("/admin/users/1/roles/add", "Give the role"),
    ("/admin/agencies/add", "Add the agency"),
    ("/admin/agencies/1/rename", "Rename the agency"),
    ("/admin/agencies/1/merge", "Merge the agencies"),
    ("/admin/agencies/1/retire", "Retire the agency"),
    ("/admin/agencies/1/contacts/add", "Save the contact"),
    ("/admin/themes/add", "Save the theme"),
    ("/admin/themes/1/rename", "Save the theme"),
]
ASKED = [*((Role.OFFICER, *form) for form in ASK), *((Role.ADMINISTRATOR, *form) for form in ADMINISTER)]


@pytest.mark.parametrize(("role", "address", "button"), ASKED)
def test_a_form_before_and_after_it_is_sent_empty(
    seen_by: Callable[[Role], Page], inspect: Inspect, role: Role, address: str, button: str
) -> None:
    page = seen_by(role)
    page.goto(address)
    inspect(page)
    send_empty(page, button)
    inspect(page)


@pytest.mark.parametrize("case_type", CASE_TYPES)
def test_the_form_of_every_step_when_it_is_sent_empty(
    open_pilot: Pilot, seen_by: Callable[[Role], Page], inspect: Inspect, case_type: str
) -> None:
    page = seen_by(Role.OFFICER)
    for address in open_pilot.steps(case_type):
        page.goto(address)
        send_empty(page, "Continue" if page.get_by_role("button", name="Continue").count() else "Record the step")
        inspect(page, colours=False)


@pytest.mark.parametrize(
    "address",
    [
        "/cases?opened_from=31&opened_from=2&opened_from=2026&opened_to=x",
        f"/cases/{CORRECTED}/timeline?known_on=31&known_on=2&known_on=2026",
        "/reports/period?since=31&since=2&since=2026",
    ],
)
def test_an_address_with_a_date_that_is_none(seen_by: Callable[[Role], Page], inspect: Inspect, address: str) -> None:
    page = seen_by(Role.OFFICER)
    page.goto(address)
    expect_errors(page)
    inspect(page)


def test_every_page_of_the_site_is_here(pilot_app: Flask) -> None:
    rules = pilot_app.url_map.bind("localhost")
    named = [address for _, address in READ] + [address for _, address, _ in ASKED]
    here = {rules.match(address.partition("?")[0])[0] for address in named if address != "/sign-out"}
    elsewhere = {
        "cases.show",
        "notices.show",
        "cases.delete_list",
        "steps.record",
        "sign_in.sign_in",
        "sign_in.set_password",
    }
    elsewhere |= {"notices.show", "admin.change_agency", "admin.end_contact"}
    elsewhere |= {"admin.preview_branding"}  # below
    elsewhere |= {endpoint for endpoint in pilot_app.view_functions if endpoint.startswith("referrals.")}
    elsewhere |= {"cases.lift_restriction", "cases.name_person", "cases.remove_person"}  # as the page that restricts
    in_another_file = ("requests.", "items.", "partner.", "plans.")  # test_agencies.py, test_plans.py
    elsewhere |= {endpoint for endpoint in pilot_app.view_functions if endpoint.startswith(in_another_file)}
    assert here | elsewhere | NOT_PAGES == set(pilot_app.view_functions)


def send_empty(page: Page, button: str) -> None:
    """Clears what can be typed over, sends the form, and expects it back with what is missing."""
    page.get_by_role("main").locator("input[type=text], input[type=password], textarea").evaluate_all(
        "boxes => boxes.forEach(box => { box.value = '' })"
    )
    page.get_by_role("button", name=button, exact=True).click()
    expect_errors(page)


def test_a_look_before_it_applies(seen_by: Callable[[Role], Page], inspect: Inspect) -> None:
    page = seen_by(Role.ADMINISTRATOR)
    page.goto("/admin/branding")
    page.get_by_label("Colour").fill("#767676")  # the palest grey that is taken
    page.get_by_role("button", name="See how it looks").click()
    page.wait_for_url("**/admin/branding/preview")
    inspect(page)
    header = page.locator(".govuk-generic-header")
    assert header.evaluate("header => getComputedStyle(header).backgroundColor") == "rgb(118, 118, 118)"


# -- Pages on the way --------------------------------------------------------------------------------------------------


def test_what_is_checked_before_a_decision_is_recorded(seen_by: Callable[[Role], Page], inspect: Inspect) -> None:
    page = seen_by(Role.CHAIR)
    page.goto("/cases/DHR-2026-002/steps/decided_to_review")
    chair = Walker(page)
    chair.answer(
        {
            "What are the reasons for the decision?": "Every criterion appears to be met. " * 20 + "A" * 300,
            "Who was consulted?": "Police and council",
            "Who made the decision?": "Partnership chair",
        }
    )
    chair.press("Continue")
    chair.heading("Check before recording: Decided to review")
    inspect(page)
    chair.press("Record this")
    chair.heading("This cannot be undone")
    inspect(page)


def test_the_record_of_a_case_as_a_page(seen_by: Callable[[Role], Page], inspect: Inspect) -> None:
    page = seen_by(Role.AUDITOR)
    for case in (CORRECTED, PLANNED):
        page.goto(f"/cases/{case}/history/export.html")
        auditor = Walker(page)
        auditor.answer({"Why do you need it?": "Yearly audit"})
        auditor.press("Export the history")
        auditor.heading(f"Case history, {case}")
        inspect(page)


def test_somebody_elses_change(server_app: Flask, page: Page, inspect: Inspect) -> None:
    email, reference = signed_up(server_app)
    officer = Walker(page)
    officer.sign_in(email)
    page.goto(f"/cases/{reference}/steps/agencies_scoped")
    officer.answer({"Which agencies were asked, and what did they know?": "Police and council."})
    other = Walker(page.context.new_page())
    other.page.goto(f"/cases/{reference}/steps/submitted_for_decision")
    other.press("Record the step")
    expect(other.page.get_by_role("status")).to_contain_text("Recorded: Submitted for decision")
    officer.press("Record the step")
    expect(page.get_by_role("alert")).to_contain_text("Somebody else changed this case while you were working")
    inspect(page)
    officer.press("Record the step")
    expect(page.get_by_role("status")).to_contain_text("Recorded: Agencies scoped")


def test_a_new_installation(server_app: Flask, page: Page, inspect: Inspect) -> None:
    with server_app.app_context():
        email = make_user(Role.OFFICER).email
    Walker(page).sign_in(email)
    for address in ("/", "/cases", "/reports", "/cases/log"):
        page.goto(address)
        inspect(page)


def test_a_case_of_a_day(server_app: Flask, page: Page, inspect: Inspect) -> None:
    email, reference = signed_up(server_app, "asb")
    Walker(page).sign_in(email)
    for section in ("", "/timeline", "/deadlines", "/threshold", "/history"):
        page.goto(f"/cases/{reference}{section}")
        inspect(page)


def test_an_answer_without_a_space_in_it(server_app: Flask, page: Page, inspect: Inspect) -> None:
    email, reference = signed_up(server_app)
    officer = Walker(page)
    officer.sign_in(email)
    officer.find(reference)
    officer.stage = "Review"
    endless = "A" * 300
    reasons = {
        "What are the reasons for the decision?": endless,
        "Who was consulted?": endless,
        "Who made the decision?": endless[:200],
    }
    recipient = {"Which agency?": "Another, named below", "The name, if it is not in the list": endless[:200]}
    officer.record("Decided to review", f"{clock.today():%-d %b %Y}", reasons)
    officer.record("Individual management review requested", f"{clock.today():%-d %b %Y}", recipient)
    for section in ("", "/timeline", "/deadlines", "/history"):
        page.goto(f"/cases/{reference}{section}")
        inspect(page)


def test_signing_in_and_choosing_a_password(server_app: Flask, page: Page, inspect: Inspect) -> None:
    with server_app.app_context():
        user = make_user()
        email, link = user.email, f"/set-password/{make_new_link(user, by=None)}"
    page.goto(link)
    inspect(page)
    send_empty(page, "Save password")
    inspect(page)
    newcomer = Walker(page)
    password = "nine quiet herons wading"
    newcomer.answer({"New password": password, "Type it again": password})
    newcomer.press("Save password")
    newcomer.heading("Sign in")
    inspect(page)
    send_empty(page, "Sign in")
    inspect(page)
    newcomer.answer({"Email address": email, "Password": "not this one at all"})
    newcomer.press("Sign in")
    expect_errors(page)
    newcomer.sign_in(email, password)
    inspect(page)  # somebody without any role
    page.goto(link)
    newcomer.heading("This link no longer works")
    inspect(page)


def signed_up(app: Flask, case_type: str = "dhr") -> tuple[str, str]:
    """The address of an officer's email and the reference of their only case, referred today."""
    with app.app_context():
        officer: User = make_user(Role.OFFICER)
        return officer.email, make_case(officer, case_type, clock.today()).reference


# -- The inspection itself ---------------------------------------------------------------------------------------------


def test_what_the_policy_refuses_is_noticed(browser: Browser, server: str) -> None:
    complaints: list[str] = []
    context = browser.new_context()
    watch(context, complaints)
    page = context.new_page()
    page.goto(f"{server}/sign-in")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    context.close()
    assert any("The policy refused inline" in complaint for complaint in complaints)


def test_an_inspection_finds_faults(browser: Browser, inspect: Inspect) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    sound = "<!DOCTYPE html><html lang=en><title>A</title><main><h1>A</h1>{}</main>"
    page.set_content(sound.format("<p>B</p>"))
    inspect(page)
    for fault in ("<input>", "<table><td>" + "W" * 400 + "</table>", "<h1>B</h1>"):
        page.set_content(sound.format(fault))
        with pytest.raises(AssertionError):
            inspect(page)
    page.close()
