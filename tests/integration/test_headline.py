"""The first line of an overview, for each kind of thing that it may have to say."""

import pytest

from tests.unit.reckoned import event, reckoned
from tracker.web.cases.headline import headline

DHR = [event("notification_received", "2025-01-31"), event("submitted_for_decision", "2025-02-13")]
REVIEW = [*DHR, event("decided_to_review", "2025-02-20")]
CALM = [
    *REVIEW,
    event("home_office_told", "2025-02-24"),
    event("family_told", "2025-02-26"),
    event("chair_appointed", "2025-03-14"),
    event("panel_met", "2025-04-09"),
]
QA = [*CALM, event("submitted_to_qa", "2025-08-04")]
OWHR = [
    event("death_logged", "2026-09-01"),
    event("partner_aware", "2026-09-07", "Chief officer of police"),
    event("partner_aware", "2026-09-09", "Local authority"),
]
ASB = [event("application_received", "2025-03-03")]
TOLD = [event("threshold_not_met", "2025-03-10"), event("applicant_told", "2025-03-11")]


def said(case_type: str, events: list[dict[str, object]], today: str) -> str:
    return headline(reckoned(case_type, *events, today=today)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("case_type", "events", "today", "says"),
    [
        ("dhr", DHR[:1], "2025-02-03", "At referral: the decision is due on 28 February 2025"),
        ("dhr", DHR, "2025-02-28", "For decision: the decision is due today"),
        ("dhr", DHR, "2025-03-05", "For decision: the decision was due on 28 February 2025"),
        ("dhr", CALM, "2025-05-01", "In review: the report is due on 20 August 2025"),
        (
            "dhr",
            [*CALM, event("imr_requested", "2025-04-10", "Housing")],
            "2025-07-01",
            "In review: the report is due on 20 August 2025, and one agency has not replied",
        ),
        (
            "dhr",
            [*REVIEW, event("imr_requested", "2025-04-10", "Housing"), event("imr_requested", "2025-04-10", "Health")],
            "2025-07-01",
            "In review: the report is due on 20 August 2025, two agencies have not replied"
            " and three other deadlines are overdue",
        ),
        (
            "dhr",
            [*CALM, event("hold_started", "2025-04-10", reason="criminal_trial")],
            "2025-05-01",
            "On hold since 10 April 2025, criminal trial: the report is due on 20 August 2025",
        ),
        ("dhr", QA, "2026-03-01", "In Home Office QA: the QA answer has been awaited for 29 weeks"),
        (
            "dhr",
            [*REVIEW, event("discontinued", "2025-03-03", reason="x")],
            "2025-05-01",
            "Closed on 3 March 2025: discontinued",
        ),
        ("dhr", [*REVIEW, event("closed", "2025-03-03", reason="x")], "2025-05-01", "Closed on 3 March 2025"),
        (
            "owhr",
            OWHR,
            "2026-10-07",
            "For decision: two review partners have not notified; the first notice was due on 6 October 2026",
        ),
        ("asb", ASB, "2025-03-04", "At application: the threshold decision is due on 24 March 2025"),
        (
            "asb",
            [*ASB, event("acknowledged", "2025-03-03"), *TOLD],
            "2025-03-20",
            "At the threshold: the applicant’s time to appeal ends on 7 April 2025",
        ),
        (
            "asb",
            [*ASB, event("acknowledged", "2025-03-03"), *TOLD],
            "2025-04-20",
            "Ready to close: nothing is open and nothing is due",
        ),
        (
            "asb",
            [*ASB, event("acknowledged", "2025-03-03"), *TOLD, event("closed", "2025-03-12", reason="x")],
            "2025-03-20",
            "Closed on 12 March 2025. The applicant’s time to appeal ends on 7 April 2025",
        ),
        (
            "asb",
            [*ASB, *TOLD, event("appeal_requested", "2025-03-14", ground="threshold")],
            "2025-03-20",
            "In appeal: the answer to the appeal is due on 4 April 2025, and one other deadline is overdue",
        ),
    ],
)
def test_the_first_line_is_the_finding(case_type: str, events: list[dict[str, object]], today: str, says: str) -> None:
    assert said(case_type, events, today) == says


def test_what_a_hold_excuses_waits_for_its_end() -> None:
    published = [
        *QA,
        event("qa_feedback_received", "2025-09-01", outcome="cleared"),
        event("commissioner_copied", "2025-09-02"),
        event("hold_started", "2025-09-03", reason="retrial"),
    ]
    assert said("dhr", published, "2025-12-01") == (
        "On hold since 3 September 2025, retrial: publication was due on 1 October 2025, and waits for the hold to end"
    )
