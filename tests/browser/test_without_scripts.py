"""The tracker where scripts are off or do not arrive: an application with its complaints, and a decision on it."""

from collections.abc import Callable
from datetime import date

from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.walking import Walker
from tests.builders import make_user
from tracker.models import Role


def test_an_application_is_logged_and_decided(
    page_without_javascript: Page, server_app: Flask, today_is: Callable[[date], None]
) -> None:
    today_is(date(2025, 9, 30))
    with server_app.app_context():
        email = make_user(Role.OFFICER).email
    officer = Walker(page_without_javascript)
    officer.sign_in(email)
    officer.begin_referral("Anti-social behaviour case review")
    received = {"When was the application received?": "8 Sep 2025", "How was it received?": "Telephone"}
    officer.asked("The application", received)
    officer.asked("Who applies?", {"Who applies?": "The victim"})
    officer.asked("What is the position on consent?", {"What is the position on consent?": "Given"})
    for row, (happened, reported) in enumerate(
        [("2 Jun 2025", "4 Jun 2025"), ("1 Jul 2025", "30 Jul 2025"), ("20 Aug 2025", "21 Aug 2025")], start=1
    ):
        complaint = {
            "When did it happen?": happened,
            "When was it reported?": reported,
            "What happened?": f"Night {row}",
        }
        officer.asked(f"Complaint {row}", complaint, press="Save this complaint" if row > 2 else "Save and add another")
    officer.press("Continue")
    officer.asked("What is the behaviour about?")
    officer.asked("Which bodies does it concern?")
    about = "Adult A complains of noise from the flat above."
    officer.asked("What is the application about?", {"What is the application about?": about})
    officer.log("Application", says="Statutory test: 3 of 3 needed.")
    officer.begin("Threshold met")
    officer.press("Continue")
    officer.follow("Select an answer to ‘On what basis?’")
    expect(officer.page.get_by_label("The statutory test")).to_be_focused()
    officer.follow("Back")
    reasons = {
        "On what basis?": "The statutory test",
        "Reasons": "Three complaints qualify.",
        "Who was consulted?": "Police and landlord",
        "Who made the decision?": "Single point of contact",
    }
    does = "Hold the panel: 27 October 2025"
    officer.record("Threshold met", "29 Sep 2025", reasons, to="Review", does=does)
    expect(officer.page.get_by_role("heading", level=1)).to_contain_text("In review")
