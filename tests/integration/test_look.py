"""The words and markup that every page shares: lists, tables, case bar, workings, the frame."""

from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from flask import render_template_string

from tests.drawing import drawing_app, one, sound
from tracker.models.partnerships import Partnership
from tracker.models.users import Membership, Role, User
from tracker.procedures.vocabulary import Authority, Source
from tracker.web import frame
from tracker.web.tables import sorting_headings


@pytest.fixture(autouse=True)
def drawing() -> Iterator[None]:
    """A request for a page of a case."""
    app = drawing_app()
    app.add_url_rule("/cases", "cases.index", lambda: "")
    app.add_url_rule("/cases/<reference>", "cases.show", lambda reference: reference)
    with app.test_request_context("/cases/DHR-2025-001"):
        yield


def drawn(imports: str, words: str, **context: object) -> BeautifulSoup:
    """The part of a page that *words* make."""
    start = f"{{% from {imports} %}}<!DOCTYPE html><title>x</title>"
    return sound(render_template_string(start + words, **context))


@pytest.mark.parametrize(
    ("here", "last", "shown"),
    [
        (1, 1, []),
        (1, 2, ["1", "2", "Next page"]),
        (2, 2, ["Previous page", "1", "2"]),
        (5, 9, ["Previous page", "1", "⋯", "4", "5", "6", "⋯", "9", "Next page"]),
    ],
)
def test_pages_near_this_one_are_one_step_away(here: int, last: int, shown: list[str]) -> None:
    page = drawn(
        '"macros/lists.html" import pagination',
        '{{ pagination("Pages of cases", here, last, "?page={}".format) }}',
        here=here,
        last=last,
    )
    assert [item.text for item in page.select("a, .govuk-pagination__item--ellipsis")] == shown
    assert [link.text for link in page.select("[aria-current=page]")] == ([str(here)] if last > 1 else [])


def test_a_heading_sorts_by_its_column_and_then_the_other_way() -> None:
    columns = [("Case", "reference"), ("Status", ""), ("Next deadline", "due")]
    case, status, due = sorting_headings(columns, "due", "?sort={}".format)
    assert (case.href, case.sorted) == ("?sort=reference", "")
    assert (status.href, status.sorted) == ("", "")
    assert (due.href, due.sorted) == ("?sort=-due", "ascending")
    *_, due = sorting_headings(columns, "-due", "?sort={}".format)
    assert (due.href, due.sorted) == ("?sort=due", "descending")


def test_a_table_of_records_keeps_its_roles_and_labels() -> None:
    page = drawn(
        '"macros/tables.html" import stack_table, table_row, row_heading, cell',
        """{% call stack_table("Cases", headings) %}{% call table_row() %}
        {{ row_heading(name) }}{{ cell("Status", "Late") }}{% call cell("", numeric=true) %}3{% endcall %}
        {% endcall %}{% endcall %}""",
        headings=[*sorting_headings([("Case", "reference")], "-reference", "?sort={}".format), "Status", "Days"],
        name="<b>DHR</b>",
    )
    assert [heading.text for heading in page.select("th[role=columnheader]")] == ["Case", "Status", "Days"]
    assert one(page, "[aria-sort=descending] a")["href"] == "?sort=reference"
    assert one(page, "th[role=rowheader]").text == "<b>DHR</b>"
    assert [found.get("data-label") for found in page.select("td[role=cell]")] == ["Status", None]


@pytest.mark.parametrize(
    ("current", "here", "trail"),
    [
        (0, "", ["Cases", "DHR-2025-001"]),
        (1, "", ["Cases", "DHR-2025-001", "Deadlines"]),
        (1, "Extend a deadline", ["Cases", "DHR-2025-001", "Extend a deadline"]),
    ],
)
def test_the_case_bar_says_where_this_page_is(current: int, here: str, trail: list[str]) -> None:
    names = ["Overview", "Deadlines"]
    page = drawn(
        '"macros/case.html" import case_bar',
        '{{ case_bar("DHR-2025-001", "DHR", answers, sections, "/c", "/c/1", ["Restricted"], here) }}',
        answers=[("Where", "Review", "since 20 February 2025")],
        sections=[(name, f"/{name}", place == current) for place, name in enumerate(names)],
        here=here,
    )
    assert [item.text for item in page.select(".govuk-breadcrumbs li")] == trail
    assert [link.text for link in page.select(".subnav [aria-current]")] == [names[current]]
    assert one(page, ".tag").text == "Restricted"


def test_a_rule_names_its_authority_and_says_when_nobody_checked_it() -> None:
    unchecked = Source("Statutory guidance, December 2016", "section 5", Authority.GUIDANCE, verified=False)
    checked = Source("Anti-social Behaviour, Crime and Policing Act 2014", "section 104", Authority.STATUTE)
    words = '<p id="a">{{ source_of(a) }}</p><p id="b">{{ source_of(b) }}</p>'
    page = drawn('"macros/deadlines.html" import source_of', words, a=unchecked, b=checked)
    assert one(page, "#a").get_text(" ", strip=True) == (
        "Guidance Statutory guidance, December 2016, section 5."
        " The paragraph is not checked: confirm with your legal adviser."
    )
    assert one(page, "#b").get_text(" ", strip=True).endswith("Act 2014, section 104")


def test_a_working_is_named_by_its_deadline() -> None:
    page = drawn(
        '"macros/deadlines.html" import working',
        '{{ working("decide", "Decide", "28 February 2025", "late", "3 days overdue", terms, links=links) }}',
        links=[("Extend", "/x")],
        terms=[("Held by", "<script>")],
    )
    article = one(page, "article")
    assert one(page, f"#{article['aria-labelledby']}").text == "Decide"
    assert one(article, "dd").text == "<script>"
    assert one(article, "a").text == "Extend: Decide"


def test_effects_count_what_they_start_and_whom_they_tell() -> None:
    page = drawn(
        '"macros/effects.html" import effects',
        '{{ effects("Moves the case", starts=[("Tell the applicant", "22 September", "")], tells=["A", "B"]) }}',
    )
    assert [line.text for line in page.select("b")] == [
        "Moves the case",
        "Starts 1 deadline",
        "Tells 2 people",
    ]


def test_a_threshold_says_how_many_counted_on_each_limb() -> None:
    page = drawn(
        '"macros/threshold.html" import limb, counted',
        """{% call limb("local", "Local test", "Local", "Procedure", [(2, 3), (0, 1)], false) %}Why{% endcall %}
        {{ counted("once", "Same incident") }}""",
    )
    assert one(page, ".score").text == "2 of 3 needed, or 0 of 1 needed"
    assert [state.text for state in page.select(".status")] == ["Not met", "Counted once"]


def test_somebody_is_introduced_by_all_their_roles() -> None:
    northmarch = Partnership(key="northmarch", name="Northmarch Community Safety Partnership")
    person = User(name="Ruth Aldous", email="ruth@northmarch.example")
    assert (frame.introduction(person), person.partnerships) == ("Ruth Aldous", [])
    for role in (Role.MANAGER, Role.OFFICER):
        person.memberships.append(Membership(role=role, partnership=northmarch))
    assert frame.introduction(person) == "Ruth Aldous, development officer and manager"
    assert person.partnerships == [northmarch]


def test_the_navigation_shows_where_one_is_and_only_pages_that_exist_and_may_be_seen() -> None:
    officer, administrator = (
        User(email=role, memberships=[Membership(role=role, partnership_id=1)])
        for role in (Role.OFFICER, Role.ADMINISTRATOR)
    )
    assert frame.places(officer) == [frame.Place("Cases", "/cases", "true")]
    assert frame.places(administrator) == []
