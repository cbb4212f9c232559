"""How a partnership's pages look: what may be chosen, that it is seen first, and what every page then carries."""

import struct
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.bad_values import REFUSED_TEXTS
from tests.builders import make_case, make_partnership, make_user, sign_in_as
from tests.hostile import chunk
from tests.pages import page
from tracker.clock import today
from tracker.errors import NotPermitted, Refused
from tracker.extensions import db
from tracker.models import AuditEntry, Branding, CaseContributing, Role, User
from tracker.services.branding import REPLACED, apply_branding, propose_branding
from tracker.services.colours import contrast, luminance, ratio_words, readable_colour
from tracker.services.file_kinds import PNG
from tracker.services.logos import MOST_BYTES, clean_logo
from tracker.services.settings import change_setting


def png(
    *more: bytes, wide: int = 3, high: int = 2, packed: bytes | None = None, kind: int = 6, laced: int = 0
) -> bytes:
    """A picture of 8-bit samples, with *more* parts before its pixels."""
    header = struct.pack(">IIBBBBB", wide, high, 8, kind, 0, 0, laced)
    packed = zlib.compress(bytes(high * (1 + wide * 4))) if packed is None else packed
    return PNG + chunk(b"IHDR", header) + b"".join(more) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.fixture
def administrator(session: Session, client: FlaskClient) -> User:
    administrator = make_user(Role.ADMINISTRATOR)
    sign_in_as(client, administrator)
    return administrator


# -- Colours -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", "21.00:1"),
        ("#ffffff", "#ffffff", "1.00:1"),
        ("#777777", "#ffffff", "4.47:1"),  # the grey that just fails
        ("#767676", "#ffffff", "4.54:1"),  # and the one that just passes
        ("#ff0000", "#ffffff", "3.99:1"),
        ("#0000ff", "#ffffff", "8.59:1"),
        ("#00ff00", "#ffffff", "1.37:1"),
        ("#17505e", "#ffffff", "8.95:1"),
    ],
)
def test_contrast_is_that_of_known_pairs(one: str, other: str, ratio: str) -> None:
    assert ratio_words(one) == ratio
    assert contrast(one, other) == contrast(other, one) == pytest.approx(float(ratio.partition(":")[0]), abs=0.01)


def test_the_darkest_and_the_lightest_are_the_ends_of_the_scale() -> None:
    assert [luminance("#000000"), luminance("#ffffff")] == pytest.approx([0, 1])


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("#777777", "4.47:1"),
        ("ffdd00", "1.34:1"),
        *(
            (typed, "six figures or letters")
            for typed in ("", "red", "#12345", "#1234567", "#12345g", "#١٢٣٤٥٦", "#fff")
        ),
        ("#000000;}", "six figures or letters"),
    ],
)
def test_a_colour_that_cannot_be_read_is_refused(typed: str, says: str) -> None:
    with pytest.raises(Refused, match=says) as refused:
        readable_colour(typed)
    assert refused.value.field == "colour"


def test_a_colour_is_kept_in_one_spelling() -> None:
    assert readable_colour(" 767676 ") == readable_colour("#767676") == "#767676"
    assert readable_colour("#00008B") == "#00008b"


# -- Logos -------------------------------------------------------------------------------------------------------------


def test_a_logo_is_the_picture_and_nothing_else() -> None:
    told = chunk(b"tEXt", b"Author\0Adult A"), chunk(b"eXIf", b"52.7 N"), chunk(b"acTL", bytes(8))
    assert clean_logo(png(*told)) == clean_logo(png()) == png()
    laced = zlib.compress(bytes(1 + 4 + 1 + 4 + 1 + 4 + 1 + 12))  # of 3 by 2 pixels: four of the seven passes
    assert clean_logo(png(laced=1, packed=laced)) == png(laced=1, packed=laced)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "must be a PNG"),
        (b"\xff\xd8\xff\xe0" + bytes(50) + b"\xff\xd9", "must be a PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "must be a PNG"),
        (bytes(MOST_BYTES + 1), "200 KB or smaller"),
        (png()[:-4], "not a whole PNG"),
        (png() + b"PK\x03\x04", "something after the picture"),
        (png(chunk(b"tEXt", b"<script>")), "two kinds of file"),
        (png().replace(b"IDAT", b"IDAX"), "not a whole PNG"),
        (PNG + chunk(b"IEND", b""), "not a whole PNG"),
        (png(kind=5), "not a whole PNG"),
        (png(wide=0), "not a whole PNG"),
        (png(wide=1201), "1201 by 2"),
        (png(wide=2**31, packed=b""), "2147483648 by 2"),
        (png(packed=zlib.compress(bytes(25))), "not a whole PNG"),
        (png(packed=zlib.compress(bytes(50 * 1024 * 1024))), "not a whole PNG"),
        (png(packed=b"no pixels"), "not a whole PNG"),
    ],
)
def test_what_is_no_fit_picture_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says) as refused:
        clean_logo(content)
    assert refused.value.field == "file"


# -- Choosing, looking, applying ---------------------------------------------------------------------------------------


def chosen(logo: bytes | None = None, **more: str) -> dict[str, object]:
    files = {"file": (BytesIO(logo), "logo.png")} if logo is not None else {}
    return {"name": "Northmarch", "colour": "#5b2a86", **more, **files}


def styles(client: FlaskClient, address: str = "/guide") -> list[str]:
    return [str(link["href"]) for link in page(client.get(address)).select("link[rel=stylesheet]")]


def test_a_look_is_seen_before_it_applies_and_is_then_on_every_page(client: FlaskClient, administrator: User) -> None:
    plain = styles(client)
    answer = client.post("/admin/branding", data=chosen(png(chunk(b"tEXt", b"a\0b"))))
    assert answer.location == "/admin/branding/preview"
    shown = page(client.get(answer.location))
    assert shown.select_one(".govuk-generic-header__homepage-link").text == "Northmarch"
    assert "its contrast with white is 9.90:1" in client.get(answer.location).text
    assert styles(client) == plain, "nobody else sees it yet"

    version = str(shown.select_one("input[name=look]")["value"])
    assert client.post(answer.location, data={"look": version}).status_code == 302
    *rest, last = styles(client)
    assert (rest, last) == (plain, f"/branding/{version}.css"), "loaded last"
    assert page(client.get("/guide")).select_one("header img, .logo")["src"] == f"/branding/{version}.png"
    assert page(client.get("/")).select_one("meta[name=theme-color]")["content"] == "#5b2a86"
    assert client.get("/admin/branding/preview").status_code == 404


def test_the_style_sheet_and_the_logo_are_kept_for_a_year_and_tell_nothing_else(
    client: FlaskClient, administrator: User
) -> None:
    look = propose_branding(make_partnership(), by=administrator, name="N", colour="5B2A86", logo=png())
    visitor = client.application.test_client()
    for ending, kind, content in (
        ("css", "text/css; charset=utf-8", b":root { --partnership-colour: #5b2a86; }\n"),
        ("png", "image/png", png()),
    ):
        answer = visitor.get(f"/branding/{look.version}.{ending}")
        assert (answer.status_code, answer.data, answer.content_type) == (200, content, kind)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in answer.headers
    for nothing in ("0" * 16, "a%00b", "x" * 5000, "..%2F..%2Fetc"):
        answer = visitor.get(f"/branding/{nothing}.css")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")


def test_a_look_costs_a_page_no_statement(
    client: FlaskClient, administrator: User, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    with statements() as plain:
        client.get("/guide")
    settle(administrator, logo=png())
    with statements() as dressed:
        assert "/branding/" in client.get("/guide").text
    assert len(dressed) == len(plain)
    assert not any("branding.logo" in statement for statement in dressed), "nor its pictures"


def test_a_stranger_sees_the_look_of_the_only_partnership_and_not_whom_it_names_for_help(
    app: Flask, administrator: User
) -> None:
    settle(administrator)
    change_setting(make_partnership(), by=None, key="help.contact", value={"name": "Joan"}, takes_effect_on=today())
    alone = app.test_client().get("/sign-in")
    make_partnership("telford")
    among_others = app.test_client().get("/sign-in")
    names = [page(answer).select_one(".govuk-generic-header a").text for answer in (alone, among_others)]
    assert names == ["Northmarch", "Case review tracker"]
    assert ["/branding/" in answer.text for answer in (alone, among_others)] == [True, False]
    assert "Joan" not in alone.text


def settle(administrator: User, **more: Any) -> Branding:
    look = {"name": "Northmarch", "colour": "#5b2a86"} | more
    proposed = propose_branding(make_partnership(), by=administrator, **look)
    return apply_branding(make_partnership(), by=administrator, version=proposed.version)


def test_a_logo_stays_until_it_is_taken_away(administrator: User) -> None:
    first = settle(administrator, logo=png())
    assert settle(administrator, colour="#00008b").logo == png()
    with pytest.raises(Refused, match="look already"):
        settle(administrator, colour="#00008b")
    with pytest.raises(Refused, match="not both"):
        settle(administrator, logo=png(), without_logo=True)
    last = settle(administrator, colour="#00008b", without_logo=True)
    assert (last.has_logo, last.logo, first.standing, first.colour) == (False, None, None, "#5b2a86")
    written = " ".join(db.session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "propose_branding")))
    assert f"{len(png())} bytes, SHA-256" in written


def test_what_applies_is_what_was_looked_at(client: FlaskClient, administrator: User) -> None:
    seen = propose_branding(make_partnership(), by=administrator, name="Seen", colour="#5b2a86").version
    propose_branding(make_partnership(), by=None, name="Another", colour="#00008b")
    answer = client.post("/admin/branding/preview", data={"look": seen})
    assert REPLACED in answer.text
    assert "Another" in answer.text
    assert (make_partnership().name, make_partnership().branding) == ("Shropshire", None)


def test_only_who_manages_the_partnership_chooses_its_look(client: FlaskClient, administrator: User) -> None:
    telford = make_partnership("telford")
    proposed = propose_branding(telford, by=None, name="Telford", colour="#00008b").version
    with pytest.raises(NotPermitted):
        propose_branding(telford, by=administrator, name="Mine", colour="#00008b")
    with pytest.raises(NotPermitted):
        apply_branding(telford, by=administrator, version=proposed)
    assert client.get("/admin/branding?partnership=telford").status_code == 404
    assert client.post("/admin/branding/preview?partnership=telford", data={"look": proposed}).status_code == 404
    apply_branding(telford, by=None, version=proposed)
    assert "/branding/" not in client.get("/guide").text, "each partnership its own"


@pytest.mark.parametrize(
    ("sent", "beside"),
    [
        *(({"name": text}, "name") for text in ("", *REFUSED_TEXTS)),
        *(({"colour": text}, "colour") for text in ("", "#ffdd00", "red; }", REFUSED_TEXTS[0])),
        ({"logo": b""}, "file"),
        ({"logo": b"GIF89a"}, "file"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(
    client: FlaskClient, administrator: User, sent: dict[str, Any], beside: str
) -> None:
    answer = client.post("/admin/branding", data=chosen(**sent))
    shown = page(answer)
    assert answer.status_code == 200
    assert shown.select_one(f"#{beside}-error"), shown.select_one(".govuk-error-summary")
    if beside != "name":
        assert shown.select_one("#name")["value"] == "Northmarch"
    assert db.session.scalar(select(func.count(Branding.id))) == 0


# -- Partnerships ------------------------------------------------------------------------------------------------------


def test_nobody_hears_of_partnerships_where_there_is_one(client: FlaskClient, administrator: User) -> None:
    assert "/admin/partnerships" not in client.get("/admin").text
    make_partnership("telford")
    assert "/admin/partnerships" in client.get("/admin").text


def test_each_partnership_one_looks_after_is_there_with_its_partners(
    client: FlaskClient, administrator: User, session: Session
) -> None:
    telford, dudley = make_partnership("telford"), make_partnership("dudley")
    for officer, other in ((make_user(Role.OFFICER), telford), (make_user(Role.OFFICER, partnership=dudley), None)):
        for _ in range(2):
            case = make_case(officer, "asb", today())
            case.contributing = [CaseContributing(partnership_id=(other or make_partnership()).id)]
    session.commit()
    rows = page(client.get("/admin/partnerships")).select("tbody tr")
    told = [[cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in rows]
    assert told == [["Shropshire", "shropshire", "Telford (2 cases)", "Dudley (2 cases)"]]
    assert "flask partnership add" in client.get("/admin/partnerships").text
