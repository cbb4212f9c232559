"""Care: help in the same place on every page, a guide for each role, and what distresses behind a plain "Show"."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.builders import make_case, make_partnership, make_user, sign_in_as
from tests.pages import page
from tracker.models import Role
from tracker.services.cases import log_referral, record_step
from tracker.services.settings import change_setting
from tracker.web.care import WARNING

TODAY = date(2026, 3, 2)
ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _today(today_is: Callable[[date], None]) -> None:
    today_is(TODAY)


def settle(key: str, value: object, on: date = TODAY) -> None:
    change_setting(make_partnership(), by=None, key=key, value=value, takes_effect_on=on)


def footer(client: FlaskClient, address: str = "/guide") -> str:
    return " ".join(page(client.get(address)).select_one(".govuk-footer p").text.split())


@ON_SQLITE
@pytest.mark.parametrize("role", list(Role))
def test_the_footer_leads_to_the_guide_of_ones_role(client: FlaskClient, session: Session, role: Role) -> None:
    sign_in_as(client, make_user(role))
    link = page(client.get("/")).select_one(".govuk-footer a[href^='/guide']")
    guide = page(client.get(str(link["href"])))
    assert link["href"] == f"/guide/{role}"
    assert guide.title.text.startswith("Guide: ")
    assert [heading.text for heading in guide.select("h2")][:3] == [
        "Your first five minutes",
        "What the words mean",
        "What happens to what you enter",
    ]
    assert client.get("/guide/nobody").status_code == 404


@ON_SQLITE
def test_every_footer_leads_to_the_statement_on_accessibility(client: FlaskClient, session: Session) -> None:
    link = page(client.get("/sign-in")).find("a", string="Accessibility")
    unsigned = page(client.get(str(link["href"])))
    assert unsigned.h1.text == "Accessibility of the case review tracker"
    sign_in_as(client, make_user(Role.PARTNER))
    assert page(client.get("/")).find("a", string="Accessibility")["href"] == link["href"]


@ON_SQLITE
def test_every_footer_leads_to_what_is_held_of_people(client: FlaskClient, session: Session) -> None:
    link = page(client.get("/sign-in")).find("a", string="Privacy")
    unsigned = page(client.get(str(link["href"])))
    assert unsigned.h1.text == "Privacy in the case review tracker"
    assert "Domestic Violence, Crime and Victims Act 2004, section 9" in unsigned.text
    assert "not commenced" not in unsigned.text
    settle("help.contact", {"name": "Review team"})
    sign_in_as(client, make_user(Role.PARTNER))
    asked = page(client.get(str(link["href"]))).select_one("section[aria-labelledby=rights] p.small")
    assert " ".join(asked.text.split()) == "Help: Review team"


def test_help_is_whom_the_partnership_names_from_the_day_it_says(client: FlaskClient, session: Session) -> None:
    sign_in_as(client, make_user(Role.OFFICER))
    assert footer(client) == "Help: ask the administrator of your partnership"
    settle("help.contact", {"name": "Review team", "email": "reviews@example.gov.uk", "phone": "01632 960 118"})
    settle("help.contact", {"name": "Another team"}, on=date(2026, 4, 1))
    said = "Help: Review team, reviews@example.gov.uk or 01632 960 118"
    assert footer(client) == footer(client, "/cases") == footer(client, "/cases/nothing") == said
    sign_in_as(client, make_user(Role.OFFICER, partnership=make_partnership("telford")))
    assert footer(client) == "Help: ask the administrator of your partnership"


@ON_SQLITE
@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"name": "<b>Us</b>"}, "Help: <b>Us</b>"),
        ({"phone": 1632}, "Help: 1632"),
        ("somebody", "Help: ask the administrator of your partnership"),
        ({"email": None}, "Help: ask the administrator of your partnership"),
        (None, "Help: ask the administrator of your partnership"),
    ],
)
def test_a_contact_of_any_shape_breaks_no_page(client: FlaskClient, session: Session, value: object, said: str) -> None:
    settle("help.contact", value)
    sign_in_as(client, make_user(Role.OFFICER))
    assert footer(client) == said


@ON_SQLITE
def test_settings_of_every_page_cost_no_statement(
    client: FlaskClient, session: Session, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    officer = make_user(Role.OFFICER)
    make_case(officer, "asb", date(2026, 2, 2))
    settle("help.contact", {"name": "Review team"})
    settle("care.warn", True)
    sign_in_as(client, officer)
    client.get("/guide")
    with statements() as made:
        client.get("/guide")
    assert len(made) == 1, made


# -- Behind a plain "Show" --------------------------------------------------------------------------------------------


def shown_answers(client: FlaskClient, address: str) -> dict[str, str]:
    """Each question of a page about a case, with what stands open and what stands behind "Show"."""
    soup = page(client.get(address))
    found = {}
    for term in soup.select("dl.answered dt"):
        answer = term.find_next_sibling("dd")
        hidden = answer.select_one("details:not([open]) > div")
        found[term.text] = " ".join(hidden.get_text(" ", strip=True).split()) if hidden else answer.text.strip()
        found[term.text] = ("behind: " if hidden else "open: ") + found[term.text]
    return found


@pytest.mark.parametrize("section", ["timeline", "history"])
def test_what_a_referral_tells_is_shown_when_one_asks(client: FlaskClient, session: Session, section: str) -> None:
    officer = make_user(Role.OFFICER)
    case = log_referral(
        make_partnership(), by=officer, edition="dhr-2016", on=date(2026, 2, 2), answers={"summary": "What he did."}
    )
    reasons = {"rationale": "Every criterion is met.", "consulted": "Police", "decided_by": "Partnership chair"}
    record_step(case, by=officer, step="decided_to_review", on=date(2026, 2, 5), answers=reasons)
    sign_in_as(client, officer)
    address = f"/cases/{case.reference}/{section}"
    seen = shown_answers(client, address)
    assert "behind: What he did." in seen.values()
    assert "open: Every criterion is met." in seen.values()
    settle("care.warn", True)
    seen = shown_answers(client, address)
    assert f"behind: {WARNING} What he did." in seen.values()
    assert f"behind: {WARNING} Every criterion is met." in seen.values()
    assert "open: Partnership chair" in seen.values()
    settle("care.warn", "no")
    assert "behind: What he did." in shown_answers(client, address).values()


@ON_SQLITE
def test_the_criteria_are_shown_with_what_shows_each_behind_it(client: FlaskClient, session: Session) -> None:
    officer = make_user(Role.OFFICER)
    case = make_case(officer, "dhr", date(2026, 2, 2))
    case.criteria = [
        {"key": "death", "met": "met", "evidence": "The coroner’s letter."},
        {"key": "aged_16", "met": "unclear"},
    ]
    sign_in_as(client, officer)
    rows = page(client.get(f"/cases/{case.reference}/decisions")).select("section[aria-labelledby=criteria] li")
    assert [row.select_one(".status").text for row in rows] == ["Met", "Unclear"]
    assert rows[0].select_one("details:not([open]) > div").text.strip() == "The coroner’s letter."
    assert "not recorded" in rows[1].text
