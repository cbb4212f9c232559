"""Help in the same place on every page, and a guide for each role."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.builders import make_case, make_partnership, make_user, sign_in_as
from tests.pages import page
from tracker.models import Role
from tracker.services.partnerships import change_setting

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
