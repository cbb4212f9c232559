"""A review of each kind, from the sign-in page to its exported history, with every due date worked out by hand.

An officer records on one day what has happened, as where a case is brought in from paper; an auditor takes it out.
"""

import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.walking import Walker
from tests.builders import make_partnership, make_user
from tests.pages import faults
from tracker.extensions import db
from tracker.models import Role
from tracker.services.agencies import new_agency

POLICE, COUNCIL = "West Mercia Police", "Shropshire Council"


@pytest.fixture
def officer(server_app: Flask, page: Page) -> Walker:
    """An officer at their desk, not signed in yet. Their partnership has agencies and an auditor."""
    with server_app.app_context():
        for agency in (POLICE, COUNCIL):
            new_agency(make_partnership(), agency, "")
        make_user(Role.OFFICER, email="officer@example.gov.uk")
        make_user(Role.AUDITOR, email="auditor@example.gov.uk")
        db.session.commit()
    return Walker(page)


@pytest.fixture
def auditor(officer: Walker, new_page: Callable[..., Page]) -> Walker:
    """The auditor of the same partnership, at a desk of their own."""
    return Walker(new_page())


def test_a_domestic_homicide_review(  # noqa: PLR0915 (a journey is as long as its case)
    officer: Walker, auditor: Walker, today_is: Callable[[date], None]
) -> None:
    today_is(date(2026, 9, 1))
    officer.sign_in("officer@example.gov.uk")
    officer.begin_referral("Domestic homicide review")
    officer.asked(
        "The notification",
        {"When was the notification received?": "31 Jan 2025", "Who notified the partnership?": POLICE},
    )
    died = {"When did the person die?": "25 Jan 2025", "How old was the person?": "35-44"}
    officer.asked("The person who died", died)
    for criterion, shown in (
        ("A person has died", "Met"),
        ("The person was aged 16 or over", "Met"),
        ("The death has, or appears to have, resulted from violence, abuse or neglect", "Met"),
        ("By a relative, a current or former intimate partner, or a member of the same household", "Unclear"),
    ):
        officer.asked(criterion, {criterion: shown, "What shows it?": "The police report."})
    officer.asked("Who is involved?", {"Who is involved?": "Adult A, who died. Adult B, her former partner."})
    officer.asked("Which agencies may have known them?", {"Which agencies may have known them?": COUNCIL})
    officer.asked("Other reviews that may apply")
    known = {"What is known?": "Adult A was found dead at home. Adult B, her former partner, is charged with murder."}
    officer.asked("What is known?", known)
    officer.log("Referral")
    asked = "Which agencies were asked, and what did they know?"
    officer.record("Agencies scoped", "10 Feb 2025", {asked: "Police: three calls in 2024. Council: no contact."})
    officer.record("Submitted for decision", "12 Feb 2025", to="Decision")
    reasons = {
        "What are the reasons for the decision?": "Adult A died from violence. The relationship appears to be met.",
        "Who was consulted?": "Police, council, integrated care board, the domestic abuse service.",
        "Who made the decision?": "Partnership chair",
    }
    due = "Complete the overview report: 20 August 2025"
    officer.record("Decided to review", "20 Feb 2025", reasons, to="Review", does=due)
    about = "What was the Home Office told about?"
    officer.record("Home Office told", "24 Feb 2025", {about: "The decision"})
    told = {"How were they told, and by whom?": "The family liaison officer visited Adult A’s mother."}
    officer.record("Family told of the decision", "28 Feb 2025", told)
    independent = {"What does the statement of independence say?": "Never employed by an agency of the partnership."}
    officer.record("Independent chair appointed", "14 Mar 2025", independent)
    officer.record("Panel met", "10 Apr 2025", {"Which agencies attended?": "Police, council, probation."})
    officer.record("Terms of reference agreed", "10 Apr 2025")
    officer.record("Individual management review requested", "17 Apr 2025", {"Which agency?": POLICE})
    # Good Friday, Easter Monday and both holidays of May fall into the forty working days.
    officer.expect_due(
        {
            "Decide whether to review": "28 Feb 2025",
            "Tell the Home Office the decision": "27 Feb 2025",
            "Tell the family the decision": "27 Feb 2025",
            "Appoint an independent chair": "20 Mar 2025",
            "First panel meeting": "14 Apr 2025",
            f"Individual management review: {POLICE}": "18 Jun 2025",
            "Complete the overview report": "20 Aug 2025",
        }
    )
    received, nil = "Individual management review received", "Is it a nil return (no contact)?"
    officer.record(received, "19 Jun 2025", {"Which agency?": POLICE, nil: "No"})
    officer.correct(received, "16 Jun 2025", "It was dated by the covering letter.", about=POLICE)
    extended = {
        "Which deadline?": "Complete the overview report, due 20 August 2025",
        "What is the new date?": "20 Nov 2025",
        "What is the reason?": "The trial is listed for October.",
        "Who agreed it?": "The panel, with the partnership",
    }
    officer.record("Deadline extended", "30 Jun 2025", extended, does="due 20 November 2025")
    officer.record("Hold started", "7 Jul 2025", {"Why is the case on hold?": "Criminal trial"})
    expect(officer.page.get_by_role("heading", level=1)).to_contain_text("On hold since 7 July 2025, criminal trial")
    officer.record("Hold ended", "10 Oct 2025", {"Which hold has ended?": "Criminal trial"})
    met = {"How was the contact made?": "A meeting at the advocate’s office", "Was advocacy signposted?": "Yes"}
    officer.record("Family engaged", "22 Oct 2025", met)
    officer.record("Panel signed off", "13 Nov 2025")
    officer.record("Partnership signed off", "20 Nov 2025", {"Who made the decision?": "Partnership chair"})
    officer.record("Submitted to Home Office QA", "20 Nov 2025", to="Home Office QA")
    officer.record("Copied to the Domestic Abuse Commissioner", "21 Nov 2025")
    letter = {
        "What was the outcome?": "Publish after changes",
        "What points does the letter make?": "1. Remove the month of birth from annex 2.\n2. Add an equality section.",
    }
    does = "Make the QA changes: 19 February 2026"
    officer.record("Home Office QA feedback received", "19 Jan 2026", letter, does=does)
    disposed = {"How was each point disposed of?": "1. Removed. 2. Added as section 4."}
    officer.record("QA changes made", "2 Feb 2026", disposed, to="Publication")
    told = {"How were they told?": "By letter, through the advocate."}
    officer.record("Family told of publication", "9 Feb 2026", told)
    report = {"What was published?": "The overview report in full", "Where is it published?": "https://csp.example/1"}
    does = "Tell the Home Office the link: 20 February 2026"
    officer.record("Published", "13 Feb 2026", report, to="Monitoring", does=does)
    officer.record("Home Office told of publication", "16 Feb 2026")
    officer.record("Action plan agreed", "2 Mar 2026")
    progress = {"What progress was made?": "Four of nine actions are complete."}
    officer.record("Action plan updated", "1 Jun 2026", progress)
    officer.expect_due(
        {
            "Complete the overview report": "20 Nov 2025",
            "Publish": "2 Mar 2026",
            "Action plan progress": "1 Sep 2026",
            "Stocktake of learning at 6 months": "13 Aug 2026",
            "Stocktake of learning at 12 months": "13 Feb 2027",
        }
    )
    found = {"Which stocktake?": "At 6 months", "What did it find?": "Training reached 140 staff."}
    officer.record("Stocktake of learning recorded", "12 Aug 2026", found)
    audited = {"How was completion audited?": "The manager sampled the evidence of every action."}
    officer.record("Action plan completed", "26 Aug 2026", audited)
    complete = {"What is the reason?": "The action plan is complete."}
    officer.record("Closed", "28 Aug 2026", complete, to="Closed", does="Moves the case to Closed")
    to_come = {"What is the reason?": "The stocktake at 12 months is to come.", "Who approved it?": "The manager"}
    officer.record("Reopened", "1 Sep 2026", to_come, to="Monitoring")
    expect_exports(auditor, officer)


def test_an_asb_case_review_that_an_appeal_sends_back(  # noqa: PLR0915 (as above)
    officer: Walker, auditor: Walker, today_is: Callable[[date], None]
) -> None:
    today_is(date(2026, 3, 2))
    officer.sign_in("officer@example.gov.uk")
    officer.begin_referral("Anti-social behaviour case review")
    received = {"When was the application received?": "8 Sep 2025", "How was it received?": "Online form"}
    officer.asked("The application", received)
    officer.asked("Who applies?", {"Who applies?": "The victim"})
    officer.asked("What is the position on consent?", {"What is the position on consent?": "Awaited"})
    # The second was made on the last day that qualifies; the third is the same incident as the second.
    complaints = [
        ("10 Jun 2025", "12 Jun 2025", POLICE, "Music through the night"),
        ("5 Jul 2025", "4 Aug 2025", "Teme Meadow Homes", "Fence broken"),
        ("5 Jul 2025", "7 Jul 2025", COUNCIL, "Fence broken"),
    ]
    questions = ("When did it happen?", "When was it reported?", "To which body?", "What happened?")
    for number, complaint in enumerate(complaints, start=1):
        button = "Save and add another" if number < len(complaints) else "Save this complaint"
        officer.asked(f"Complaint {number}", dict(zip(questions, complaint, strict=True)), press=button)
    officer.heading("3 complaints: the statutory test is not met, the local test is not met")
    officer.press("Continue")
    officer.asked("What is the behaviour about?", {"Noise": "yes", "Neighbours": "yes"})
    officer.asked("Which bodies does it concern?", {POLICE: "yes", COUNCIL: "yes"})
    summary = {"What is the application about?": "Adult A complains of noise and damage by neighbours."}
    officer.asked("What is the application about?", summary)
    officer.log("Application", "Statutory test: 2 of 3 needed.")
    officer.open("Threshold")
    officer.heading("The statutory test is not met. The local test is not met.")
    officer.open("Overview")
    officer.record("Acknowledged", "10 Sep 2025")
    officer.record("Consent recorded", "10 Sep 2025", {"What is the position on consent?": "Given"})
    officer.record("Passed to all relevant bodies", "11 Sep 2025", {"Which bodies?": "Police, council, landlord."})
    officer.record("Information requested", "11 Sep 2025", {"Which relevant body?": POLICE})
    received = {"Which relevant body?": POLICE, "Is it a nil return?": "No"}
    officer.record("Information received", "22 Sep 2025", received)
    decided = {"Who was consulted?": "Police and council", "Who made the decision?": "Single point of contact"}
    not_met = {
        "Reasons": "Two incidents qualify, and three are needed.",
        "Where else was the applicant signposted?": "Victim support and mediation.",
        "How may the applicant appeal, and by when?": "In writing, by 24 October 2025.",
    }
    does = "Tell the applicant the decision: 30 September 2025"
    officer.record("Threshold not met", "26 Sep 2025", not_met | decided, to="Threshold", does=does)
    officer.record("Applicant told the decision", "29 Sep 2025", {"How were they told?": "By letter"})
    ground = {"On what ground?": "The threshold decision"}
    does = "Answer the appeal: 31 October 2025"
    officer.record("Appeal requested", "10 Oct 2025", ground, to="Appeal", does=does)
    officer.expect_due(
        {
            "Acknowledge the application": "15 Sep 2025",
            f"Information: {POLICE}": "25 Sep 2025",
            "Decide the threshold": "29 Sep 2025",
            "Whole case: warn that it is long": "3 Nov 2025",
            "Applicant may appeal until": "24 Oct 2025",
        }
    )
    officer.record("Passed to the appeal body", "13 Oct 2025")
    upheld = {"What was decided?": "Upheld and referred back"}
    does = "Decide the threshold: 14 November 2025"
    officer.record("Appeal decided", "24 Oct 2025", upheld, to="Application", does=does)
    met = {"On what basis?": "Discretion", "Reasons": "The harm is grave, though two incidents qualify."}
    does = "Hold the panel: 3 December 2025"
    officer.record("Threshold met", "5 Nov 2025", met | decided, to="Review", does=does)
    officer.record("Applicant told the decision", "6 Nov 2025", {"How were they told?": "By telephone and letter"})
    panel = {"When will the panel meet?": "28 Nov 2025", "Is the victim invited, or why not?": "Invited by letter."}
    officer.record("Panel arranged", "10 Nov 2025", panel)
    officer.record("Panel papers sent", "20 Nov 2025")
    held = {"Was there an independent chair?": "Yes", "How did the victim take part?": "A statement was read"}
    officer.record("Panel held", "28 Nov 2025", held)
    two = {"How many recommendations?": "2", "What are they?": "1. A joint plan. 2. Mend the fence."}
    officer.record("Recommendations made", "28 Nov 2025", two)
    officer.record("Outcome letter sent", "10 Dec 2025")
    officer.record("Action plan agreed", "15 Dec 2025", to="Action plan")
    mended = {"What progress was made?": "The fence is mended."}
    officer.record("Action plan reviewed", "9 Jan 2026", mended)
    officer.expect_due(
        {
            "Send the panel papers": "21 Nov 2025",
            "Send the outcome letter": "12 Dec 2025",
            "Review the action plan": "6 Feb 2026",
        }
    )
    checked = {"How was completion checked?": "A visit and a call to the applicant."}
    officer.record("Action plan completed", "5 Feb 2026", checked)
    officer.record("Victim told of closure", "6 Feb 2026")
    complete = {"What is the reason?": "Both recommendations are carried out."}
    officer.record("Closed", "6 Feb 2026", complete, to="Closed", does="Moves the case to Closed")
    expect_exports(auditor, officer)


def test_an_offensive_weapons_homicide_review(
    officer: Walker, auditor: Walker, today_is: Callable[[date], None]
) -> None:
    today_is(date(2027, 12, 1))
    officer.sign_in("officer@example.gov.uk")
    officer.begin_referral("Offensive weapons homicide review")
    expect(officer.page.get_by_role("note")).to_contain_text("No statutory duty applies here.")
    known = {"When did the death first become known?": "7 Sep 2026", "Who told the partnership?": POLICE}
    officer.asked("The death becomes known", known)
    officer.asked("The person who died", {"When did the person die?": "6 Sep 2026"})
    police, council, board = "Chief officer of police", "Local authority", "Integrated care board"
    for partner, aware in ((police, "7 Sep 2026"), (council, "9 Sep 2026"), (board, "14 Sep 2026")):
        officer.asked(partner, {"When did it become aware?": aware})
    homicide = "The death was, or was likely to be, a homicide"
    weapon = "An offensive weapon was involved (Prevention of Crime Act 1953, s. 1)"
    officer.asked(homicide, {homicide: "Met"})
    officer.asked("The victim was aged 18 or over")
    officer.asked(weapon, {weapon: "Met"})
    for _ in range(3):
        officer.press("Not known yet")
    officer.asked("Why it may not apply", {"May the death be the subject of a domestic homicide review?": "No"})
    officer.asked("Who is involved?")
    known = {"What is known?": "Adult A, aged 19, died of a stab wound in a public place. Nobody is charged."}
    officer.asked("What is known?", known)
    officer.log("Decision")
    notified, said = "Partner notified the Secretary of State", "What did the partner say?"
    duty = {"Which review partner?": police, said: "Under a duty to arrange a review"}
    does = "Arrange the review: 1 November 2026"
    officer.record(notified, "1 Oct 2026", duty, to="Review", does=does)
    officer.record(notified, "6 Oct 2026", {"Which review partner?": council, said: "Not able to decide yet"})
    officer.record(notified, "13 Oct 2026", {"Which review partner?": board, said: "Not under a duty"})
    terms = {
        "Is there an independent chair?": "Yes",
        "What are the terms of reference?": "The two years before the death, all three partners.",
    }
    officer.record("Review arranged", "30 Oct 2026", terms)
    another = {"Which recipient?": "Another, named below", "The name, if it is not in the list": "The college"}
    officer.record("Information requested", "9 Nov 2026", another)
    duty = {"Which review partner?": council, said: "Under a duty to arrange a review"}
    officer.record(notified, "20 Nov 2026", duty)
    officer.record("Information received", "4 Dec 2026", {"Which recipient?": "The college"})
    officer.expect_due(
        {
            f"Notify the Secretary of State: {police}": "6 Oct 2026",
            f"Notify the Secretary of State: {council}": "8 Oct 2026",
            f"Notify the Secretary of State: {board}": "13 Oct 2026",
            "Answer an information request: The college": "7 Dec 2026",
            "Prepare and send the report": "30 Oct 2027",
        }
    )
    officer.record("Panel met", "15 Jan 2027", {"Who attended?": "All three partners."})
    finds = {"What does it find and recommend?": "Three recommendations on school exclusion and outreach."}
    officer.record("Report prepared", "1 Sep 2027", finds)
    checked = {"What was checked, and by whom?": "That it prejudices no prosecution: the police and the chair."}
    officer.record("Safety and prejudice check passed", "20 Sep 2027", checked)
    does = "Tell the persons who should act"
    officer.record("Report sent to the Secretary of State", "1 Oct 2027", to="Home Office", does=does)
    part = {"What was published?": "In part", "Where is it published?": "https://home-office.example/owhr"}
    officer.record("Published by the Secretary of State", "15 Nov 2027", part, to="Publication")
    persons = {"Which persons or bodies were told?": "The council’s children’s services and the college."}
    officer.record("Persons who should act told", "18 Nov 2027", persons, to="Monitoring")
    officer.record("Action plan agreed", "22 Nov 2027")
    audited = {"How was completion audited?": "The manager saw the evidence of all three."}
    officer.record("Action plan completed", "30 Nov 2027", audited)
    officer.heading("Ready to close: nothing is open and nothing is due")
    expect_exports(auditor, officer)


def expect_exports(auditor: Walker, officer: Walker) -> None:
    """The auditor takes out the history of the officer's case in each format, and each tells all that happened."""
    auditor.sign_in("auditor@example.gov.uk")
    auditor.find(officer.reference)
    auditor.open("History")
    why = "Yearly audit of open reviews"
    told = json.loads(auditor.export("Data", why))
    labels = [event["event"] for event in told["events"]]
    assert Counter(officer.recorded) <= Counter(labels)
    assert (told["case"]["reference"], told["export"]["reason"]) == (officer.reference, why)
    page = auditor.export("Web page as a file", why).decode()
    assert faults(page) == []
    rows = BeautifulSoup(page, "html5lib").select("[aria-labelledby=events] tbody tr")
    assert len(rows) == len(labels)
    assert all(label in row.get_text() for label, row in zip(labels, rows, strict=True))
    paper = auditor.export("PDF", why)
    assert paper.startswith(b"%PDF")
    assert officer.reference in PdfReader(BytesIO(paper)).pages[0].extract_text()
