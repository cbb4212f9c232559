"""The Reports page, read as a person reads it."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.builders import make_partnership, make_user, sign_in_as
from tests.integration.test_figures import RECEIVED, asb, event, load
from tests.pages import page
from tracker.models import Membership, Role, User
from tracker.models.cases import Case

YEAR = "since=2024-04-01&until=2025-03-31"


@pytest.fixture(autouse=True)
def november_2026(today_is: Callable[[date], None]) -> None:
    """Every test happens on one day, after everything it is about."""
    today_is(date(2026, 11, 23))


@pytest.fixture
def manager(session: Session, client: FlaskClient) -> User:
    """Somebody who reads figures, signed in."""
    manager = make_user(Role.MANAGER)
    sign_in_as(client, manager)
    return manager


def shown(client: FlaskClient, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200
    return page(response)


def number(found: BeautifulSoup, title: str) -> str:
    """The number beside a name, as a sighted reader sees it."""
    for row in found.select("tbody tr"):
        name, *cells = row.find_all(["th", "td"])
        if name.get_text("\n", strip=True).split("\n")[0] == title:
            for hidden in cells[-1].select(".govuk-visually-hidden"):
                hidden.extract()
            return cells[-1].get_text(strip=True)
    raise AssertionError(f"no line {title}")


def address(found: Tag, words: str) -> str:
    """Where the link with these words goes."""
    link = found.find("a", string=words)
    assert isinstance(link, Tag), f"no link {words}"
    return str(link["href"])


def texts(found: Tag, selector: str) -> list[str]:
    return [each.get_text(" ", strip=True) for each in found.select(selector)]


def test_the_page_opens_with_the_last_financial_year(client: FlaskClient, manager: User) -> None:
    found = shown(client, "/reports")
    assert texts(found, "h1") == ["Figures for 1 April 2025 to 31 March 2026"]
    assert "Data as at 23 November 2026." in found.get_text()


def test_the_pilots_year_is_one_click_away(client: FlaskClient, manager: User) -> None:
    load(asb(RECEIVED, event("threshold_not_met", "2024-05-20")))
    found = shown(client, address(shown(client, "/reports"), "1 April 2024 to 31 March 2025"))
    assert texts(found, "h1") == ["Figures for 1 April 2024 to 31 March 2025"]
    assert (number(found, "Applications received"), number(found, "Threshold not met")) == ("1", "1")


def test_the_other_periods_one_click_away(client: FlaskClient, manager: User) -> None:
    found = shown(client, f"/reports?{YEAR}")
    links = ("Last financial year", "This financial year so far")
    headings = {words: texts(shown(client, address(found, words)), "h1") for words in links}
    assert headings == {
        "Last financial year": ["Figures for 1 April 2025 to 31 March 2026"],
        "This financial year so far": ["Figures for 1 April 2026 to 23 November 2026"],
    }


def test_every_figure_is_there_with_its_basis(client: FlaskClient, manager: User) -> None:
    found = shown(client, f"/reports?{YEAR}")
    captions = texts(found, "caption")
    for kind in ("Anti-social behaviour case", "Domestic homicide", "Offensive weapons homicide"):
        assert f"{kind} reviews" in captions
    assert "All cases" in captions
    assert number(found, "Work ongoing on 31 March 2025") == "0"
    assert number(found, "Carried forward on 31 March 2025") == "0"
    tags = [texts(row, ".tag") for row in found.select(".halves tbody tr")]
    assert tags
    assert all(tag and set(tag) <= {"Event", "Cohort", "Snapshot"} for tag in tags)


def test_why_the_numbers_do_not_add_up(client: FlaskClient, manager: User) -> None:
    load(asb(RECEIVED, event("withdrawn", "2024-05-02")))
    found = shown(client, f"/reports?{YEAR}")
    assert texts(found, "#why") == ["Why 1 is not 0 and 0 together"]
    assert "Of the 1 received, 1 is withdrawn." in found.get_text()


def test_what_became_of_the_applications(client: FlaskClient, manager: User) -> None:
    load(asb(RECEIVED), asb(RECEIVED, event("threshold_met", "2024-05-20"), event("panel_held", "2024-06-17")))
    found = shown(client, f"/reports?{YEAR}")
    assert texts(found, "#outcomes") == ["One of two applications went to review"]
    picture = found.select_one("svg.picture")
    assert picture
    assert picture["aria-label"].startswith("Bar chart. Reviewed 1, Still open 1, Threshold not met 0")
    assert not picture.select("[style]")
    assert [bar["width"] for bar in picture.select("rect")] == ["90%", "90%", "0%", "0%", "0%", "0%"]
    file = client.get(address(found, "Download this table"))
    assert list(csv.reader(io.StringIO(file.text.removeprefix("\ufeff"))))[:3] == [
        ["Outcome", "Applications"], ["Reviewed", "1"], ["Still open", "1"],
    ]  # fmt: skip


def test_nothing_to_draw(client: FlaskClient, manager: User) -> None:
    assert shown(client, f"/reports?{YEAR}").select("svg.picture") == []


def test_the_cases_behind_a_number(client: FlaskClient, manager: User) -> None:
    load(
        asb(RECEIVED, reference="ASB-2024-001"),
        asb(RECEIVED, event("withdrawn", "2024-05-02"), reference="ASB-2024-002"),
    )
    found = shown(client, f"/reports?{YEAR}")
    assert found.select_one('a[href*="figure=A1"]')
    all_of_them = shown(client, f"/reports/cases?figure=A1&{YEAR}")
    assert texts(all_of_them, "h1") == ["Applications received: 2"]
    assert texts(all_of_them, "tbody th") == ["ASB-2024-001", "ASB-2024-002"]
    withdrawn = shown(client, address(found, "1\N{NO-BREAK SPACE}withdrawn"))
    assert texts(withdrawn, "h1") == ["Did not progress to review: Withdrawn: 1"]
    assert texts(withdrawn, "tbody th") == ["ASB-2024-002"]


def test_numbers_count_every_case_and_lists_show_the_visible(
    client: FlaskClient, manager: User, session: Session
) -> None:
    """Aggregate figures count every case, drill-downs list the visible."""
    load(asb(RECEIVED, reference="ASB-2024-001"), asb(RECEIVED, reference="ASB-2024-002"))
    session.execute(update(Case).where(Case.reference == "ASB-2024-002").values(restricted=True))
    session.commit()
    assert number(shown(client, f"/reports?{YEAR}"), "Applications received") == "2"
    listed = shown(client, f"/reports/cases?figure=A1&{YEAR}")
    assert texts(listed, "tbody th") == ["ASB-2024-001"]
    assert "2 cases counted, of which you may see 1." in listed.get_text()
    assert "ASB-2024-002" not in listed.get_text()


@pytest.mark.parametrize("figure", ["", "Z9", "figure=A1&part=nothing", "A1&part=x"])
def test_a_figure_that_does_not_exist(client: FlaskClient, manager: User, figure: str) -> None:
    assert client.get(f"/reports/cases?{YEAR}&figure={figure}").status_code == 404


def test_files_of_all_figures(client: FlaskClient, manager: User) -> None:
    load(asb(RECEIVED, themes=["noise", "=1+1"]))
    table = client.get(f"/reports/figures.csv?{YEAR}")
    assert table.content_type == "text/csv; charset=utf-8"
    assert "figures-2024-04-01-to-2025-03-31-as-at-2026-11-23.csv" in table.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert any(row["Part"] == "'=1+1" for row in rows)
    assert {row["Number"] for row in rows if row["Figure"] == "A1"} == {"1"}
    held_back = client.get(f"/reports/figures.csv?{YEAR}&small=hidden").text
    assert "A1,ASB case review applications received (statutory a),event,,fewer than 5," in held_back
    printed = json.loads(client.get(f"/reports/figures.json?{YEAR}&as_at=2024-04-30").text)
    assert (printed["as_at"], printed["figures"]["A1"]["value"]) == ("2024-04-30", 0)


@pytest.mark.parametrize(
    ("query", "problem", "target"),
    [
        (
            "since=1&since=4&since=2025&until=31&until=3&until=2025",
            "The last day must be 1 April 2025 or later",
            "until",
        ),
        ("since=31&since=2&since=2025&until=2025-03-31", "February 2025 has 28 days", "since"),
        ("since=2024-04-01", "Enter the last day of the period", "until"),
        ("since=&since=&since=&until=2025-03-31", "Enter the first day of the period", "since"),
        ("since=2024-04-01&until=x&until=&until=", "Date must include a month and year", "until-month"),
        (f"{YEAR}&as_at=2040-01-01", "The day must be today or in the past", "as_at"),
        (f"{YEAR}&as_at=yesterday", "Date must include", "as_at-month"),
        ("since=0000-00-00&until=2025-03-31", "Date must include a day and month", "since"),
    ],
)
def test_a_wrong_day_is_refused_beside_it(
    client: FlaskClient, manager: User, query: str, problem: str, target: str
) -> None:
    found = shown(client, f"/reports?{query}")
    link = found.select_one(".govuk-error-summary a")
    assert link
    assert problem in link.text
    assert link["href"] == f"#{target}"
    assert found.select_one(f"input#{target}")
    assert found.title
    assert found.title.text.startswith("Error: ")


@pytest.mark.parametrize("file", ["figures.csv", "figures.json", "outcomes.csv", "cases"])
def test_a_file_of_a_wrong_period_leads_to_the_page_that_says_so(client: FlaskClient, manager: User, file: str) -> None:
    response = client.get(f"/reports/{file}?since=2025-04-01&until=2025-03-31", follow_redirects=True)
    assert "The last day must be 1 April 2025 or later" in response.text


@pytest.mark.parametrize(
    "query", ["since=%00&until=%ff", "since=%F0%9F%92%A9", "as_at=2024-13-45&since=2024-04-01&until=2025-03-31",
              "since[]=1", "since=99999999999999999999&until=1", "since=1900-01-01&until=2100-12-31"],
)  # fmt: skip
def test_nonsense_is_never_a_failure(client: FlaskClient, manager: User, query: str) -> None:
    assert client.get(f"/reports?{query}").status_code == 200
    assert client.get(f"/reports/figures.csv?{query}").status_code in (200, 302)


def test_the_form_keeps_the_period(client: FlaskClient, manager: User) -> None:
    found = shown(client, address(shown(client, f"/reports?{YEAR}&as_at=2025-06-01"), "Change the period"))
    assert [box.get("value") for box in found.select("form[method=get] input[name=as_at]")] == ["1", "6", "2025"]


def test_figures_are_of_one_partnership(client: FlaskClient, manager: User) -> None:
    """Somebody of one partnership neither chooses nor reads another."""
    make_partnership("telford")
    load(asb(RECEIVED, partnership="telford"))
    assert number(shown(client, f"/reports?{YEAR}"), "Applications received") == "0"
    assert client.get(f"/reports?{YEAR}&partnership=telford").status_code == 404
    assert "Whose cases" not in client.get("/reports/period").text


def test_who_reads_for_two_partnerships_chooses(client: FlaskClient, session: Session) -> None:
    auditor = make_user(Role.AUDITOR)
    session.add(Membership(user_id=auditor.id, partnership_id=make_partnership("telford").id, role=Role.AUDITOR))
    session.commit()
    sign_in_as(client, auditor)
    load(asb(RECEIVED, partnership="telford"), asb(RECEIVED, contributing=["telford"]))
    assert "Whose cases" in client.get("/reports/period").text
    found = shown(client, f"/reports?{YEAR}&partnership=telford")
    assert number(found, "Applications received") == "2"
    assert "1 in a joint review" in found.get_text()
    assert number(shown(client, f"/reports?{YEAR}&partnership=shropshire"), "Applications received") == "1"


@pytest.mark.parametrize(("role", "status"), [
    (Role.OFFICER, 200), (Role.CHAIR, 200), (Role.MANAGER, 200), (Role.AUDITOR, 200),
    (Role.ADMINISTRATOR, 403), (Role.PARTNER, 403),
])  # fmt: skip
@pytest.mark.parametrize("address", ["", "/period", "/figures.csv", "/figures.json", "/outcomes.csv"])
def test_who_reads_figures(client: FlaskClient, session: Session, role: Role, status: int, address: str) -> None:
    sign_in_as(client, make_user(role))
    assert client.get(f"/reports{address}").status_code == status


def test_nobody_reads_figures_without_signing_in(client: FlaskClient) -> None:
    assert client.get("/reports").status_code == 302
