"""What an agency is asked and answers, in a browser: by a link, then signed in; each page looked at on the way."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser.inspecting import expect_errors, expect_to_fit
from tests.browser.walking import Walker
from tests.builders import make_case, make_user
from tests.hostile import PDF, PROGRAM
from tracker import clock
from tracker.extensions import db
from tracker.models import Agency, Deadline, Role
from tracker.services.cases import record_step

DESK = {"width": 1280, "height": 800}
Look = Callable[[Page], None]


@pytest.fixture
def look(accessible: Callable[[Page], None]) -> Look:
    """Fails where a page is wider than the narrowest screen, or axe finds anything."""

    def look_at(page: Page) -> None:
        expect_to_fit(page)
        accessible(page)

    return look_at


def fill(app: Flask, agency: str) -> str:
    """A case in which *agency* was asked, an officer, and a contact of the agency. Returns the case's reference."""
    with app.app_context():
        officer = make_user(Role.OFFICER, email="officer@example.gov.uk")
        contact = make_user(Role.PARTNER, email="contact@example.gov.uk")
        contact.agency = Agency(partnership_id=officer.memberships[0].partnership_id, name=agency)
        db.session.commit()
        day = clock.today() - timedelta(days=3)
        case = make_case(officer, "asb", day)
        for name in (agency, "Fire and Rescue"):
            record_step(case, by=officer, step="information_requested", on=day, answers={}, subject=name)
        return case.reference


def test_an_agency_asks_for_more_time_by_a_link(server_app: Flask, new_page: Callable[..., Page], look: Look) -> None:
    reference = fill(server_app, "West Mercia Police")
    officer, somebody = new_page(viewport=DESK), new_page(viewport=DESK)
    Walker(officer).sign_in("officer@example.gov.uk")
    officer.goto(f"/cases/{reference}/requests")
    look(officer)
    officer.get_by_role("link", name="Send a link to Fire and Rescue").click()
    officer.get_by_role("button", name="Send the link").click()
    expect_errors(officer)
    look(officer)
    officer.get_by_label("Who is it for?").fill("someone@fire.example.uk")
    officer.get_by_role("button", name="Send the link").click()
    expect(officer.get_by_label("Link", exact=True)).to_be_visible()
    look(officer)
    path = officer.get_by_label("Link", exact=True).input_value().partition("/item/")[2]

    somebody.goto(f"/item/{path}")
    look(somebody)
    somebody.get_by_role("button", name="Open it").click()
    somebody.get_by_role("link", name="Ask for more time").click()
    somebody.get_by_role("button", name="Ask for more time").click()
    expect_errors(somebody)
    look(somebody)
    somebody.get_by_label("Day").fill("1")
    somebody.get_by_label("Month").fill("January")
    somebody.get_by_label("Year").fill(str(clock.today().year + 1))
    somebody.get_by_label("Why do you need more time?").fill("The file is in the archive")
    somebody.get_by_role("button", name="Ask for more time").click()
    expect(somebody.get_by_text("Nobody has answered yet")).to_be_visible()
    somebody.get_by_label("We send what was asked for").check()
    somebody.get_by_label("Attach a file").set_input_files(
        {"name": "report.pdf", "mimeType": "application/pdf", "buffer": PROGRAM}
    )
    somebody.get_by_role("button", name="Send the answer").click()
    expect_errors(somebody)
    look(somebody)

    officer.goto(f"/cases/{reference}/requests")
    officer.get_by_role("link", name="Answer the wish for more time").click()
    look(officer)
    officer.get_by_label("Agree", exact=True).check()
    officer.get_by_role("button", name="Record the decision").click()
    expect(officer.get_by_text("Your decision is recorded")).to_be_visible()
    look(officer)
    officer.get_by_role("link", name="End it for someone@fire.example.uk").click()
    look(officer)
    officer.get_by_role("button", name="End the link").click()
    expect(officer.get_by_text("The link no longer works")).to_be_visible()
    somebody.reload()
    ask_for_a_new_link(somebody, look)


def test_an_agency_answers_signed_in(server_app: Flask, new_page: Callable[..., Page], look: Look) -> None:
    reference = fill(server_app, "West Mercia Police")
    contact = new_page(viewport=DESK)
    Walker(contact).sign_in("contact@example.gov.uk")
    contact.goto("/partner")
    look(contact)
    contact.get_by_role("link", name="Information", exact=False).first.click()
    look(contact)
    contact.get_by_label("We send what was asked for").check()
    contact.get_by_label("Attach a file").set_input_files(
        {"name": "report.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    contact.get_by_role("button", name="Send the answer").click()
    expect(contact.get_by_text("Nothing waits for an answer")).to_be_visible()
    officer = new_page(viewport=DESK)
    Walker(officer).sign_in("officer@example.gov.uk")
    officer.goto(f"/cases/{reference}/files")
    look(officer)
    expect(officer.get_by_role("link", name="report.pdf")).to_be_visible()
    with server_app.app_context():
        answered = select(Deadline.state).where(Deadline.subject == "West Mercia Police")
        assert db.session.scalar(answered) == "met"


def ask_for_a_new_link(somebody: Page, look: Look) -> None:
    """From the page that says that a link does not work."""
    look(somebody)
    somebody.get_by_role("link", name="Ask for a new link").click()
    somebody.get_by_role("button", name="Ask for a new link").click()
    expect_errors(somebody)
    look(somebody)
    somebody.get_by_label("Which email address was the link sent to?").fill("someone@fire.example.uk")
    somebody.get_by_role("button", name="Ask for a new link").click()
    expect(somebody.get_by_text("is noted")).to_be_visible()
    look(somebody)
