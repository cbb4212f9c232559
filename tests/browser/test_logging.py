"""Logging a referral in a real browser: by keyboard alone and in how long, and every page of it held to all rules."""

import re
import time
from collections.abc import Callable
from datetime import date

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.inspecting import expect_accessible, expect_errors, expect_to_fit, width_of
from tests.browser.keyboard import Keyboard
from tests.browser.walking import Walker
from tests.builders import PASSWORD, make_case, make_user
from tracker.models import Role, User
from tracker.procedures import procedure_in_force
from tracker.procedures.referrals import pages_of
from tracker.services.drafts import begin_draft, save_page

A_KEY = 35  # milliseconds: a practised typist
MINUTES = 4
COMPLAINTS = (("10 6 2025", "12 6 2025", "Music"), ("5 7 2025", "4 8 2025", "Fence"), ("1 9 2025", "1 9 2025", "Bins"))


def test_an_application_with_three_complaints_is_logged_by_keyboard_in_minutes(
    new_page: Callable[..., Page], server_app: Flask, today_is: Callable[[date], None]
) -> None:
    """From the sign-in page, at a typing pace, without scripts, on the narrowest screen."""
    today_is(date(2025, 9, 8))
    with server_app.app_context():
        email = make_user(Role.OFFICER).email
    page = new_page(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    officer, pages, begun = Keyboard(page, A_KEY), 0, time.monotonic()

    def on(name: str, title: str) -> None:
        nonlocal pages
        officer.press(name, title)
        pages += 1
        assert width_of(page) == 320, title

    page.goto("/")
    officer.type("Email address", email)
    officer.type("Password", PASSWORD)
    on("Sign in", "^My work")
    on("Log a referral", "^Log a referral")
    officer.choose("Domestic homicide review", down=1)
    on("Continue", "^The application")
    officer.choose("Online form")
    on("Continue", "^The applicant")
    officer.choose("The victim")
    on("Continue", "^Consent")
    officer.choose("Given")
    on("Continue", "^Complaint 1")
    for number, (happened, reported, what) in enumerate(COMPLAINTS, start=1):
        for part in (*happened.split(), *reported.split()):
            officer.type(re.compile("^(Day|Month|Year)$"), part)
        officer.type("What happened? (optional)", what)
        button, then = ("Save this complaint", "Complaints") if number == 3 else ("Save and add another", "Complaint")
        on(button, f"^{then}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("the statutory test is met, the local test is met")
    on("Continue", "^The behaviour")
    officer.choose("Noise")
    on("Continue", "^The bodies")
    officer.type("Which bodies does it concern?", "Police")
    on("Continue", "^Summary")
    officer.type("What is the application about?", "Noise from the flat above Adult A.")
    on("Continue", "^Check before logging")
    on("Log the referral", "^ASB-2025-001 is logged")
    assert (pages, officer.pressed) == (14, 20), "pages, and presses of Enter, Space and arrows in place of clicks"
    assert time.monotonic() - begun < MINUTES * 60


def filled(officer: User, kind: str, today: date) -> str:
    """The address of a draft of this kind, with every page left for later but the first."""
    draft = begin_draft(officer.memberships[0].partnership, by=officer, case_type=kind)
    for page in pages_of(procedure_in_force(kind, today)):
        save_page(draft, by=officer, page=page.key, answers={"on": today.isoformat()} if page.dated else {})
    if kind == "asb":
        row = {"behaviour_on": "2025-08-01", "reported_on": "2025-09-02", "incident": "A" * 200, "hate": ["yes"]}
        save_page(draft, by=officer, page="complaints", answers={"rows": [row, row]})
    return f"/cases/log/{draft.key}"


ASKED = {
    "dhr": ("death", "criterion-death", "agencies", "other_reviews"),
    "asb": ("received", "complaints/2", "themes"),
    "owhr": ("partner-1", "exclusions"),
}
SHOWN = {"dhr": ("", "/similar", "/check", "/discard"), "asb": ("/complaints", "/check")}


def test_every_page_of_a_referral(page: Page, server_app: Flask, today_is: Callable[[date], None]) -> None:
    today_is(today := date(2025, 9, 8))
    with server_app.app_context():
        officer = make_user(Role.OFFICER)
        email, logged = officer.email, make_case(officer, "dhr", today).reference
        drafts = {kind: filled(officer, kind, today) for kind in ASKED}
    axe = Axe()
    Walker(page).sign_in(email)
    for address in (
        "/cases/log",
        f"/cases/{logged}/logged",
        *(drafts[kind] + key for kind in SHOWN for key in SHOWN[kind]),
    ):
        page.goto(address)
        expect_accessible(page, axe)
        expect_to_fit(page)
    for address in (f"{drafts[kind]}/{key}" for kind in ASKED for key in ASKED[kind]):
        page.goto(address)
        expect_to_fit(page)
        boxes = page.get_by_role("main").locator("input[type=text], textarea")
        boxes.evaluate_all("boxes => boxes.forEach(box => { box.value = '' })")
        page.get_by_role("main").get_by_role("button").first.click()
        expect_errors(page)
        expect_accessible(page, axe, colours=False)
        expect_to_fit(page)
