"""Bad input: nothing breaks, nothing is written, what is wrong is said beside the field, and what was typed is kept.

The bulk of it is sent on SQLite and a sample on PostgreSQL: what could differ there is what the database does not take.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from itertools import chain, cycle, islice, product
from typing import Any

import pytest
from argon2 import PasswordHasher
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.bad_values import (
    INERT_TEXTS,
    NOT_OFFERED,
    REFUSED_DAYS,
    REFUSED_TEXTS,
    SCRIPT,
    drawn,
    filled,
    form_of,
    rightly_answered,
    written,
)
from tests.builders import PASSWORD, make_partnership, make_user, sign_in_as
from tests.pages import faults, page
from tests.referring import REFERRALS, begin, referred
from tracker.models import Case, Role, User
from tracker.procedures import PROCEDURES
from tracker.services import passwords
from tracker.services.cases import log_referral, record_step
from tracker.services.users import add_user

TODAY = date(2026, 3, 2)
DAY = ["2", "2", "2026"]
ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("databases", ["postgresql"], indirect=True)


@pytest.fixture
def officer(session: Session, client: FlaskClient, today_is: Callable[[date], None]) -> User:
    """Somebody of every role, signed in."""
    today_is(TODAY)
    officer = make_user(*Role)
    sign_in_as(client, officer)
    return officer


@pytest.fixture
def careless(app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A browser that takes any markup and shows the page about a failure, as a real one does."""
    monkeypatch.setitem(app.config, "TESTING", False)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr(app, "test_client_class", FlaskClient)
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    return app.test_client()


@pytest.fixture
def insider(careless: FlaskClient, officer: User) -> FlaskClient:
    """A careless browser of somebody of every role."""
    sign_in_as(careless, officer)
    return careless


def a_case(officer: User, edition: str, text: str = "") -> Case:
    """A case a little way on, with *text* in whatever its first steps ask."""
    on = date(2026, 1, 30)
    case = log_referral(
        make_partnership(), by=officer, edition=edition, on=on, answers={"summary": text} if text else {}
    )
    steps = {
        "dhr-2016": (("decided_to_review", ""), ("imr_requested", "Police"), ("hold_started", "")),
        "asb-2014": (("acknowledged", ""), ("information_requested", "Police"), ("hold_started", "")),
        "owhr-2022": (("partner_aware", "Police"), ("hold_started", "")),
    }
    for key, subject in steps[edition]:
        record_step(case, by=officer, step=key, on=date(2026, 2, 2), answers={}, subject=text or subject)
    return case


def works(response: TestResponse) -> TestResponse:
    """The response, which is no failure of ours and carries the headers."""
    assert response.status_code < 500, response.request.path[:200]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"], response.request.path[:200]
    return response


@contextmanager
def nothing_written() -> Iterator[None]:
    before = written()
    yield
    assert written() == before


# -- Addresses --------------------------------------------------------------------------------------------------------

LONG = "9" * 5000
BIG = "9" * 20  # more than a database counts to
ADDRESSES = (
    "/%00", "//evil.example", "/static/%00", "/static/..%2f..%2fconfig.py", "/static/%2e%2e/config.py",
    "/set-password/%00", "/set-password/%ff", f"/set-password/{LONG}", "/cases/%00", "/cases/%00/timeline",
    "/cases/A%00B/steps/hold_started", "/cases/%00/history/export", "/cases/%ff%fe", "/cases/%ED%A0%80",
    "/cases/%F0%9F%92%A3", "/cases/a%0d%0aX-Evil:1", "/cases/..%2f..%2fetc", f"/cases/{LONG}", "/cases/{}/",
    "/cases/{}/steps/%00", "/cases/{}/steps/" + LONG, "/cases/{}/steps/__class__", "/cases/{}/events/0/correct",
    "/cases/{}/events/-1/correct", "/cases/{}/events/99/correct", "/cases/{}/events/%D9%A1/correct",
    "/cases/{}/events/" + LONG + "/correct", "/cases/{}/history/export.exe", "/cases/{}/timeline?known_on=2025-02-30",
    "/cases/{}/timeline?known_on=0001-01-01", "/cases/{}/timeline?known_on=1900-01-01",
    "/cases/{}/timeline?known_on=2100-12-31", "/cases/{}/timeline?known_on=%00&kind=%00",
    "/cases/{}/timeline?kind=" + LONG, "/cases/{}/timeline?known_on=1&known_on=2&known_on=2025&known_on=4",
    "/cases/{}/steps/imr_requested?subject=%00", "/cases/{}/steps/deadline_extended?deadline=a|b|c&subject=|",
    "/cases/log/%00", "/cases/log/for/dardr", "/cases/log/for/%00", f"/cases/log/{LONG}", f"/cases/log/{LONG}/received",
    f"/cases/log/{'%00' * 43}/check", "/cases/log/%ff/complaints/1", f"/cases/log/x/complaints/{LONG}",
    f"/cases?page={LONG}", "/cases?page=-1",
    "/cases?page=%D9%A1", "/cases?lead=%D9%A1", f"/cases?lead={LONG}", "/cases?lead=99999999999999999999",
    "/cases?reference=%00", "/cases?reference=%25%5C_", f"/cases?reference={LONG}", "/cases?sort=--due",
    "/cases?sort=%00", "/cases?type=%00&stage=%00&status=%00&agency=%00", "/cases?reference[]=1&type[]=x",
    "/cases?opened_from=30&opened_from=2&opened_from=2025", "/cases?opened_to=0000-00-00",
    "/cases?held=%00", "/cases?held=%ED%A0%80", f"/cases?held={LONG}", "/cases?chair=%D9%A1", "/cases?chair=9999999999",
    "/cases/views?held=%00&lead=x", "/cases/views/0/delete", f"/cases/views/{LONG}/delete", "/cases/views/%00/delete",
    "/cases/export?held=%ED%A0%80&sort=%00&page=-1", "/guide/%00", "/guide/Role.OFFICER", "/guide/../officer",
    "/cases?reference=%27%20OR%201=1--", "/reports?since=2025-13-01", "/reports?since=0001-01-01&until=9999-12-31",
    "/reports?since=1900-01-01&until=2100-12-31", "/reports?partnership=%00", "/reports?partnership=",
    "/reports?as_at=1900-01-01", "/reports?since=2100-01-01&until=1900-01-01", "/reports/cases",
    "/reports/cases?figure=%00&part=%00", "/reports/cases?figure=A1&part=__class__",
    "/reports/figures.csv?since=x%0d%0aX-Evil:1", "/reports/figures.json?since=1900-01-01&until=1900-01-01",
    "/reports/outcomes.csv?since=2100-01-01&until=2100-12-31", "/sign-in?next=http://%5B", "/sign-in?next=%00",
    f"/sign-in?next=/cases/x/events/{LONG}/correct", f"/plans/{BIG}", f"/plans/{BIG}/import", f"/plans/{BIG}/export",
    f"/plans/{BIG}/recommendations/{BIG}/actions/add", f"/plans/actions/{BIG}", f"/plans/actions/{BIG}/update",
    f"/plans/{2**31}", f"/requests/{BIG}/link", f"/partner/actions/{BIG}", f"/actions?page={BIG}",
    "/notices/%00", "/files/%00", "/calendar/%00.ics", "/item/%00", "/admin/settings/%00", "/admin/messages/%00",
    "/actions?agency=%00&theme=%00&kind=%00", "/deadlines/month/%00", "/deadlines/day/%00", "/admin/users?page=%00",
)  # fmt: skip


@ON_SQLITE
def test_no_address_breaks_the_site(insider: FlaskClient, officer: User) -> None:
    looked, others = product(ADDRESSES, ("GET", "POST")), product(ADDRESSES[:15], ("HEAD", "OPTIONS", "PUT"))
    try_addresses(insider, officer, chain(looked, others))


@ON_POSTGRESQL
def test_no_address_sends_postgresql_what_it_does_not_take(insider: FlaskClient, officer: User) -> None:
    risky = [address for address in ADDRESSES if "%00" in address or "%ff" in address or BIG in address]
    try_addresses(insider, officer, product(risky, ("GET",)))


def try_addresses(insider: FlaskClient, officer: User, tried: Iterable[tuple[str, str]]) -> None:
    reference = a_case(officer, "dhr-2016").reference
    with nothing_written():
        for address, method in tried:
            response = works(insider.open(address.replace("{}", reference), method=method))
            assert "X-Evil" not in response.headers
            assert b"ConfigurationRefused" not in response.data


@ON_SQLITE
@pytest.mark.parametrize("method", ["DELETE", "PATCH", "TRACE", "BREW"])
def test_no_method_does_what_it_is_not_meant_for(insider: FlaskClient, officer: User, method: str) -> None:
    case = a_case(officer, "dhr-2016")
    with nothing_written():
        for address in ("/", "/cases", f"/cases/{case.reference}/steps/hold_started", "/sign-out", "/sign-in"):
            assert works(insider.open(address, method=method)).status_code == 405


@pytest.mark.parametrize(
    "reference", ["DHR-2025-001%00", "dhr-2026-001%20%00", "DHR%2D2026%2D001%2F..", "ＤＨＲ-2026-001", "DHR-2026-001'"]
)
def test_what_only_looks_like_a_reference_is_not_found(insider: FlaskClient, officer: User, reference: str) -> None:
    assert a_case(officer, "dhr-2016").reference == "DHR-2026-001"
    assert insider.get("/cases/dhr-2026-001").status_code == 200
    assert insider.get(f"/cases/{reference}").status_code == 404


# -- What surrounds a request -----------------------------------------------------------------------------------------


@ON_SQLITE
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:99999", "..", "a" * 300, "<script>", "[::1", "@evil.example", "", "a b"]
)
def test_a_made_up_host_neither_breaks_a_page_nor_gets_into_one(
    careless: FlaskClient, officer: User, host: str
) -> None:
    for address in ("/cases", "/nowhere", "/sign-in", "/static/nothing.css"):
        for method in ("GET", "POST"):
            response = works(careless.open(address, method=method, headers={"Host": host}))
            assert "evil" not in (response.location or "") + response.text
            assert '<script>"' not in response.text


@ON_SQLITE
@pytest.mark.parametrize("referrer", ["http://[", "http://loc\u2100.x/", "\\\\evil", "javascript:1", "x" * 5000, "//"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_made_up_referrer_leads_nowhere(careless: FlaskClient, session: Session, referrer: str, scheme: str) -> None:
    response = careless.post("/sign-out", headers={"Referer": referrer}, environ_overrides={"wsgi.url_scheme": scheme})
    assert works(response).location == "/sign-in"


@pytest.mark.parametrize("cookie", ["tracker=x", f"tracker={LONG}", "tracker=.eJw.x.y", "x=1; tracker=", "\xff=\xfe"])
def test_a_made_up_cookie_is_no_session(careless: FlaskClient, session: Session, cookie: str) -> None:
    response = careless.get("/cases", environ_overrides={"HTTP_COOKIE": cookie})
    assert works(response).location == "/sign-in?next=/cases"


@pytest.mark.parametrize("browser", ["x" * 10_000, "\x7f\xe9", ""])
def test_a_made_up_browser_may_sign_in(careless: FlaskClient, session: Session, browser: str) -> None:
    sent = {"email": make_user(Role.OFFICER).email, "password": PASSWORD}
    assert works(careless.post("/sign-in", data=sent, headers={"User-Agent": browser})).location == "/"


# -- Every form, every field -------------------------------------------------------------------------------------------


def refusals(every: int = 1) -> Iterator[tuple[str, Sequence[str]]]:
    """Pairs of a text and a day of which no form takes both, again and again."""
    pairs: list[tuple[str, Sequence[str]]] = [(text, DAY) for text in REFUSED_TEXTS]
    pairs += [(text, day) for text, day in zip(cycle(("", "Plain.", *INERT_TEXTS)), REFUSED_DAYS, strict=False)]
    return cycle(pairs[::every])


def send_refused(client: FlaskClient, address: str, bad: Iterator[tuple[str, Sequence[str]]], times: int) -> None:
    """Sends the form of a page filled with what it must refuse."""
    form = form_of(works(client.get(address)).text)
    for text, day in islice(bad, times):
        response = works(
            client.post(address, data=filled(form, text, day) | MultiDict({"confirmed": "yes", "understood": "yes"}))
        )
        assert response.status_code in {200, 413}, address
        if response.status_code == 200:
            assert "There is a problem" in response.text, (address, text[:40], day)
            assert SCRIPT not in response.text, address


@ON_SQLITE
@pytest.mark.parametrize("edition", ["dhr-2016", "asb-2014", "owhr-2022"])
def test_every_step_refuses_what_is_no_answer(insider: FlaskClient, officer: User, edition: str) -> None:
    reference = a_case(officer, edition).reference
    steps = [step.key for step in PROCEDURES[edition].steps if step.key != "recorded_in_error"]
    bad = refusals()
    with nothing_written():
        for key in steps:
            send_refused(insider, f"/cases/{reference}/steps/{key}", bad, 1)


@ON_POSTGRESQL
def test_a_sample_of_steps_refuses_it_on_postgresql_too(insider: FlaskClient, officer: User) -> None:
    reference = a_case(officer, "dhr-2016").reference
    with nothing_written():
        for key in ("decided_to_review", "imr_requested", "deadline_extended", "published"):
            send_refused(insider, f"/cases/{reference}/steps/{key}", refusals(7), 4)


@ON_SQLITE
def test_every_other_form_refuses_what_is_no_answer(insider: FlaskClient, officer: User) -> None:
    reference = a_case(officer, "dhr-2016").reference
    case = f"/cases/{reference}"
    with nothing_written():
        bad = refusals()
        send_refused(insider, f"{case}/events/2/correct/otherwise", bad, 5)
        for address in (
            "/cases/log",
            f"{case}/events/2/correct",
            f"{case}/events/2/correct/never",
            f"{case}/history/export",
            "/cases/views",
            "/cases/export",
        ):
            send_refused(insider, address, ((text, DAY) for text in REFUSED_TEXTS), 6)


@ON_SQLITE
@pytest.mark.parametrize("kind", list(REFERRALS))
def test_every_page_of_a_referral_refuses_what_is_no_answer(insider: FlaskClient, officer: User, kind: str) -> None:
    draft = referred(insider, kind)
    days, texts = refusals(), cycle((text, DAY) for text in REFUSED_TEXTS)
    with nothing_written():
        for key, answers in REFERRALS[kind].items():
            dated = {"on", "reported_on"} & set(answers)
            send_refused(insider, f"{draft}/{key}", days if dated else texts, 5 if dated else 1)


@ON_POSTGRESQL
def test_a_sample_of_a_referral_refuses_it_on_postgresql_too(insider: FlaskClient, officer: User) -> None:
    draft = referred(insider, "asb")
    with nothing_written():
        for key in ("received", "complaints/1", "summary"):
            send_refused(insider, f"{draft}/{key}", ((text, DAY) for text in REFUSED_TEXTS), 6)


@pytest.mark.parametrize("text", [*REFUSED_TEXTS, "", "a" * 255 + "@example.gov.uk", "\ud800"])
def test_no_email_address_or_password_breaks_signing_in(careless: FlaskClient, session: Session, text: str) -> None:
    raw = text.encode("utf-8", "surrogatepass")
    with nothing_written():
        for sent in ({"email": raw, "password": PASSWORD}, {"email": "sam@example.gov.uk", "password": raw}):
            response = works(careless.post("/sign-in", data=sent, content_type="multipart/form-data"))
            assert response.status_code == 200
            assert "There is a problem" in response.text
            assert "sam@example.gov.uk" in response.text or sent["password"] == PASSWORD
            assert PASSWORD not in response.text


SHAPES: Sequence[dict[str, Any]] = (
    {"data": b""},
    {"data": b'{"on": ["1", "2", "2026"]}', "content_type": "application/json"},
    {"data": b"<a/>", "content_type": "application/xml"},
    {"data": b"on=1", "content_type": "x" * 5000},
    {"data": b"\xff\xfe\x00=1&on=%ff%fe", "content_type": "application/x-www-form-urlencoded"},
    {"data": b"on=%00&reason=%ED%A0%80&email=%ED%A0%80", "content_type": "application/x-www-form-urlencoded"},
    {"data": b"f=1&" * 20_000, "content_type": "application/x-www-form-urlencoded"},
    {"data": b"x" * 1_100_000, "content_type": "application/x-www-form-urlencoded"},
    {"data": b"on=1", "content_type": "application/x-www-form-urlencoded", "headers": {"Content-Length": "-5"}},
    {"data": b"on=1", "content_type": "application/x-www-form-urlencoded", "headers": {"Content-Length": "many"}},
    {"data": b"--x\r\nbroken", "content_type": "multipart/form-data; boundary=x"},
    {"data": b"--x\r\n", "content_type": "multipart/form-data"},
    {
        "data": b'--x\r\nContent-Disposition: form-data; name="reason"\r\n'
        b"Content-Type: text/plain; charset=utf-7\r\n\r\n+ADw-script+AD4-\xed\xa0\x80\r\n--x--\r\n",
        "content_type": "multipart/form-data; boundary=x",
    },
    {"data": {f"f{number}": "1" for number in range(1200)}, "content_type": "multipart/form-data"},
    {"data": {"version": "99999999999", "submission": "short"}},
    {"data": {"version": ["1", "2"], "submission": ["a" * 20, "b" * 20], "seen": "-1"}},
)  # fmt: skip


@ON_SQLITE
def test_no_shape_of_a_request_breaks_a_form(insider: FlaskClient, officer: User) -> None:
    case = f"/cases/{a_case(officer, 'dhr-2016').reference}"
    referral = f"{begin(insider, 'dhr')}/received"
    with nothing_written():
        for shape in SHAPES:
            for form in (
                referral,
                f"{case}/steps/imr_requested",
                f"{case}/events/2/correct/otherwise",
                "/sign-in",
            ):
                response = works(insider.post(form, **shape))
                assert response.status_code in {200, 400, 413}, form
                assert response.status_code != 200 or "There is a problem" in response.text, form


@ON_POSTGRESQL
def test_no_bytes_get_through_to_postgresql_that_it_does_not_take(insider: FlaskClient, officer: User) -> None:
    case = f"/cases/{a_case(officer, 'dhr-2016').reference}"
    raw = b"&".join(
        b"%s=%%00%%ED%%A0%%80" % name.encode() for name in ("email", "password", "reason", "submission", "on")
    )
    referral = f"{begin(insider, 'dhr')}/received"
    with nothing_written():
        for form in (referral, f"{case}/steps/imr_requested", f"{case}/events/2/correct/never", "/sign-in"):
            response = works(insider.post(form, data=raw, content_type="application/x-www-form-urlencoded"))
            assert "There is a problem" in response.text, form


def test_files_in_place_of_text_are_no_answers(insider: FlaskClient, officer: User) -> None:
    case = f"/cases/{a_case(officer, 'dhr-2016').reference}"
    referral = f"{begin(insider, 'dhr')}/received"
    with nothing_written():
        for address in (
            referral,
            f"{case}/steps/agencies_scoped",
            f"{case}/events/2/correct/never",
            "/sign-in",
        ):
            form = form_of(insider.get(address).text) if address != "/sign-in" else None
            names = ["email", "password"] if form is None else [str(field["name"]) for field in form.select("[name]")]
            files = {name: (BytesIO(b"text"), f"{name}.txt") for name in names}
            response = works(insider.post(address, data=files, content_type="multipart/form-data"))
            assert "There is a problem" in response.text


# -- What is said, where, and that nothing typed is lost ---------------------------------------------------------------

SAID: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    (
        "decided_to_review",
        {"on": ["30", "2", "2026"]},
        "on",
        "30 February 2026 does not exist: February 2026 has 28 days",
    ),
    ("decided_to_review", {"on": ["3", "3", "2026"]}, "on", "The date must be today or in the past"),
    ("decided_to_review", {"on": ["29", "1", "2026"]}, "on", "30 January 2026 or later"),
    ("decided_to_review", {"on": ["", "", ""]}, "on", "Enter the date it happened"),
    ("decided_to_review", {"on": ["2", "Febuary", "2026"]}, "on-month", "Month must be a number from 1 to 12"),
    ("decided_to_review", {"on": ["2", "2", "26"]}, "on-year", "Year must include 4 numbers"),
    (
        "decided_to_review",
        {"answer_rationale": "x" * 20_001},
        "answer_rationale",
        "20,000 characters or fewer. It has 20,001",
    ),
    ("decided_to_review", {"answer_rationale": "a\x00b"}, "answer_rationale", "included a control character"),
    ("decided_to_review", {"answer_rationale": " \r\n "}, "answer_rationale", "Answer ‘What are the reasons"),
    ("imr_requested", {"subject": "Nobody we know"}, "subject", "Select which it concerns"),
    ("imr_requested", {"subject": "another", "another": ""}, "another", "Enter the name of the agency"),
    ("imr_requested", {"subject": "another", "another": "x" * 201}, "another", "200 characters or fewer"),
    ("published", {"answer_form": "partly"}, "answer_form", "Select an answer to"),
    ("published", {"answer_form": ""}, "answer_form", "Select an answer to"),
    ("stocktake_recorded", {"answer_which": "7"}, "answer_which", "must be one of those listed"),
    ("hold_started", {"answer_reason": "holiday"}, "answer_reason", "Select an answer to"),
    ("hold_ended", {"answer_reason": "inquest"}, "answer_reason", "Select an answer to"),
    *(("deadline_extended", {"answer_deadline": each}, "answer_deadline", "Select an answer") for each in NOT_OFFERED),
    ("deadline_extended", {"answer_to": ["31", "4", "2026"]}, "answer_to", "31 April does not exist"),
    ("deadline_extended", {"answer_to": ["2", "2", "2026"]}, "answer_to", "must be after 2 August 2026"),
)


@ON_SQLITE
def test_what_is_wrong_is_said_beside_the_field_and_everything_is_kept(insider: FlaskClient, officer: User) -> None:
    case = a_case(officer, "dhr-2016")
    with nothing_written():
        for step, wrong, target, says in SAID:
            address = f"/cases/{case.reference}/steps/{step}"
            sent = rightly_answered(form_of(insider.get(address).text)) | MultiDict(
                {"confirmed": "yes", "understood": "yes"}
            )
            for name, value in wrong.items():
                sent.setlist(name, value if isinstance(value, list) else [value])
            response = works(insider.post(address, data=sent))
            found = BeautifulSoup(response.text, "html.parser")
            links = {link["href"]: link.text for link in found.select(".govuk-error-summary a")}
            assert list(links) == [f"#{target}"], (step, wrong, links)
            assert says in links[f"#{target}"], (step, links)
            assert found.select_one(f"#{target.partition('-')[0]}-error"), (step, target)
            kept = drawn(form_of(response.text))
            for name in sent.keys() - {"confirmed", "understood", "seen"}:
                if name not in wrong or name in {"on", "answer_to", "another"}:
                    assert kept.getlist(name) == sent.getlist(name), (step, name)


QUESTIONS_IN_ADDRESSES = (
    ("/cases?opened_from=30&opened_from=2&opened_from=2025", "opened_from", "30 February 2025 does not exist"),
    ("/cases?opened_to=1&opened_to=Janury&opened_to=2025", "opened_to-month", "Month must be"),
    ("/cases?opened_from=2026-02-02&opened_to=2026-02-01", "opened_to", "The last day must be on or after the first"),
    ("/cases?reference=" + "x" * 41, "reference", "40 characters or fewer"),
    ("/cases?type=inquest", "type", "must be one of those listed"),
    ("/cases?lead=99", "lead", "must be one of those listed"),
    ("/cases?status=sealed", "status", "must be one of those listed"),
    ("/reports?since=1&since=2&since=99999&until=2026-01-01", "since-year", "Year must include 4 numbers"),
    ("/reports?since=2026-01-02&until=2026-01-01", "until", "must be 2 January 2026 or later"),
    ("/reports?since=2026-01-01&until=2026-01-02&as_at=2026-03-03", "as_at", "today or in the past"),
    ("/reports?since=&until=", "since", "Enter the first day"),
    ("/cases/{}/timeline?known_on=31&known_on=4&known_on=2025", "known_on", "31 April"),
    ("/cases/{}/timeline?known_on=2026-03-03", "known_on", "today or in the past"),
)


@ON_SQLITE
def test_a_wrong_question_in_an_address_is_shown_with_what_is_wrong(client: FlaskClient, officer: User) -> None:
    reference = a_case(officer, "dhr-2016").reference
    for address, target, says in QUESTIONS_IN_ADDRESSES:
        response = client.get(address.replace("{}", reference))
        assert response.status_code == 200
        found = page(response)
        links = {str(link["href"]): link.text for link in found.select(".govuk-error-summary a")}
        assert says in links.get(f"#{target}", ""), (address, links)
        assert found.select_one(f"#{target}"), address


@pytest.mark.parametrize("password", ["", "short", "x" * 1001, "password1234", "\x00"])
def test_a_bad_password_is_not_set_and_the_link_still_works(
    careless: FlaskClient, session: Session, password: str
) -> None:
    _, token = add_user(make_partnership(), by=None, email="sam@example.gov.uk", role=Role.OFFICER)
    form = f"/set-password/{token}"
    with nothing_written():
        for sent in ({"password": password, "again": password}, {"password": [password, PASSWORD], "again": PASSWORD}):
            response = works(careless.post(form, data=sent))
            assert (response.status_code, "There is a problem" in response.text) == (200, True)
        assert careless.post(f"{form}x", data={"password": PASSWORD, "again": PASSWORD}).status_code == 404
    assert careless.post(form, data={"password": PASSWORD, "again": PASSWORD}).location == "/sign-in"


# -- Text that only ever is text --------------------------------------------------------------------------------------


@ON_SQLITE
@pytest.mark.parametrize("edition", ["dhr-2016", "asb-2014"])
def test_text_from_people_is_inert_wherever_it_is_shown(client: FlaskClient, officer: User, edition: str) -> None:
    text = " ".join(INERT_TEXTS)
    case = a_case(officer, edition, text[:200].strip())
    address = f"/cases/{case.reference}"
    recorded = ("family_engaged", "terms_agreed") if edition == "dhr-2016" else ("passed_to_bodies", "applicant_told")
    for key in (*recorded, "hold_ended"):
        sent = rightly_answered(form_of(client.get(f"{address}/steps/{key}").text))
        for name in sent:
            if name.startswith("answer_") and sent[name].startswith("Kept"):
                sent[name] = text if len(text) < 200 or "reason" in name else text[:200].strip()
        client.post(f"{address}/steps/{key}", data=sent | MultiDict({"confirmed": "yes", "understood": "yes"}))
    client.post(
        f"{address}/events/2/correct/never", data={"version": case.version, "submission": "c" * 20, "reason": text}
    )
    reply = "imr_received" if edition == "dhr-2016" else "information_received"
    sections = ["", "/timeline", "/timeline?known_on=2026-03-01", "/deadlines", "/history", f"/steps/{reply}"]
    sections += ["/events/2/correct/otherwise", "/events/3/correct/never"]
    pages = [client.get(address + section) for section in sections]
    pages += [client.get(f"/cases?reference={SCRIPT}&agency={SCRIPT}&type={SCRIPT}&opened_from={SCRIPT}")]
    pages += [client.get(f"/reports?since={SCRIPT}&until={SCRIPT}&as_at={SCRIPT}"), client.get(f"/cases/{SCRIPT}")]
    pages += [
        client.get(f"{address}/timeline?known_on={SCRIPT}"),
        client.get(f"{address}/steps/imr_requested?subject={SCRIPT}"),
    ]
    wanted = {"reason": text, "format": "page"}
    pages += [client.post(f"{address}/history/export", data=wanted | {"format": kind}) for kind in ("page", "html")]
    seen = 0
    for shown in pages:
        assert shown.status_code in {200, 404}, shown.request.path
        assert faults(shown.text) == []
        soup = page(shown)
        seen += "canary()" in soup.get_text()
        assert not soup.select("[onerror], [onload], img[src=x], body script:not([src]):not([nonce])"), (
            shown.request.path
        )
        assert not [script for script in soup.select("script") if "canary" in script.text], shown.request.path
        assert "1337" not in shown.text, shown.request.path
    assert seen >= 6
    as_json = client.post(f"{address}/history/export", data=wanted | {"format": "json"})
    assert json.loads(as_json.text)
    as_pdf = client.post(f"{address}/history/export", data=wanted | {"format": "pdf"})
    assert as_pdf.data.startswith(b"%PDF")
    assert b"/JavaScript" not in as_pdf.data


def test_what_is_checked_once_more_is_inert_too(client: FlaskClient, officer: User) -> None:
    case = a_case(officer, "dhr-2016")
    address = f"/cases/{case.reference}/steps/deadline_extended"
    sent = rightly_answered(form_of(client.get(address).text))
    sent["answer_reason"], sent["answer_agreed_by"] = SCRIPT, SCRIPT
    checked = client.post(address, data=sent | MultiDict({"extra": SCRIPT}))
    assert "Check before recording" in checked.text
    assert SCRIPT not in checked.text
    carried = BeautifulSoup(checked.text, "html.parser").select("form[method=post] textarea")
    assert {str(field["name"]) for field in carried} == set(sent) - {"save", "csrf_token"}
