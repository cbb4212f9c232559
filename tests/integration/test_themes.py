"""The list of themes: what a partnership begins with, and what its administrator makes of it."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from config import ROOT
from tests.bad_values import REFUSED_TEXTS
from tests.builders import make_partnership, make_user, sign_in_as
from tests.pages import page
from tracker.errors import NotPermitted, Refused
from tracker.extensions import db
from tracker.models import AuditEntry, Finding, FindingTheme, Partnership, Plan, Role, Theme
from tracker.queries.themes import offered_themes
from tracker.services import findings, plans, themes
from tracker.services.partnerships import add_partnership


def a_theme(name: str = "Housing", partnership: Partnership | None = None) -> Theme:
    return themes.add_theme(partnership or make_partnership(), by=None, name=name)


def a_finding(*names: str, partnership: Partnership | None = None) -> Finding:
    of = partnership or make_partnership()
    plan = db.session.scalar(select(Plan).where(Plan.partnership_id == of.id)) or plans.begin_plan(of, by=None)
    return findings.add_finding(plan, by=None, text="So.", themes=names)


def names_of(finding: Finding) -> list[str]:
    db.session.expire_all()
    return [each.theme for each in finding.themes]


def test_a_partnership_begins_with_the_usual_themes(session: Session) -> None:
    made = add_partnership("powys", by=None, name="Powys")
    assert offered_themes(made.id) == sorted(themes.USUAL_THEMES)


def test_partnerships_that_were_there_are_given_them_too(own_app: Flask) -> None:
    with own_app.app_context():
        held = make_partnership().id
        db.session.remove()
        [migration] = (ROOT / "migrations" / "versions").glob("*_create_themes.py")
        downgrade(revision=f"{int(migration.name[:4]) - 1:04}")
        upgrade()
        assert offered_themes(held) == sorted(themes.USUAL_THEMES)


def test_another_name_reaches_every_finding_of_the_partnership_once(session: Session) -> None:
    telford = make_partnership("telford")
    theme, mine = a_theme(), a_finding("Housing", "Records")
    other_case, both = a_finding("HOUSING"), a_finding("housing", "Homes")
    theirs = a_finding("Housing", partnership=telford)
    themes.rename_theme(theme, by=None, was="Housing", name="  Homes ")
    assert [names_of(each) for each in (mine, other_case, both)] == [["Homes", "Records"], ["Homes"], ["Homes"]]
    assert (theme.name, names_of(theirs)) == ("Homes", ["Housing"])
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert entry
    assert json.loads(entry.detail) == {"was": "Housing", "name": "  Homes "}
    with pytest.raises(Refused, match="called Homes now"):
        themes.rename_theme(theme, by=None, was="Housing", name="Lodging")
    themes.rename_theme(theme, by=None, was="Homes", name="HOMES")
    assert names_of(mine) == ["HOMES", "Records"]


def test_names_are_said_once_and_retired_ones_kept(session: Session) -> None:
    theme = a_theme()
    themes.retire_theme(theme, by=None)
    with pytest.raises(Refused, match="retired already"):
        themes.retire_theme(theme, by=None)
    with pytest.raises(Refused, match="It is retired: bring it back"):
        a_theme("HOUSING")
    assert offered_themes(theme.partnership_id) == []
    themes.bring_back_theme(theme, by=None)
    with pytest.raises(Refused, match="not retired"):
        themes.bring_back_theme(theme, by=None)
    assert offered_themes(theme.partnership_id) == ["Housing"]
    for wrong in ("", "  ", "x" * 201, *REFUSED_TEXTS):
        with pytest.raises(Refused):
            a_theme(wrong)
    session.rollback()
    assert session.scalar(text("SELECT count(*) FROM theme")) == 1


def test_only_the_partnerships_administrator_keeps_the_list(client: FlaskClient, session: Session) -> None:
    theme = a_theme()
    stranger = make_user(Role.ADMINISTRATOR, partnership=make_partnership("telford"))
    for person in (stranger, make_user(Role.OFFICER), make_user(Role.MANAGER)):
        with pytest.raises(NotPermitted):
            themes.retire_theme(theme, by=person)
    sign_in_as(client, stranger)
    for path in ("rename", "retire", "bring-back"):
        assert client.get(f"/admin/themes/{theme.id}/{path}").status_code == 404
    assert "Housing" not in client.get("/admin/themes").text


def test_the_list_is_kept_on_its_pages(client: FlaskClient, session: Session) -> None:
    sign_in_as(client, make_user(Role.ADMINISTRATOR))
    assert "No theme is offered" in client.get("/admin/themes").text
    assert client.post("/admin/themes/add", data={"name": "<b>Housing</b>"}).status_code == 302
    assert "can be chosen for findings now" in client.get("/admin/themes").text
    [theme] = session.scalars(select(Theme)).all()
    taken = client.post("/admin/themes/add", data={"name": "<B>housing</B>"})
    assert page(taken).select_one("#name-error")
    assert 'value="&lt;B&gt;housing&lt;/B&gt;"' in taken.text
    address = f"/admin/themes/{theme.id}"
    assert client.post(f"{address}/rename", data={"name": "Homes"}).status_code == 302
    assert client.post(f"{address}/retire").status_code == 302
    assert page(client.get("/admin/themes")).select_one("#retired")
    assert "is retired already" in client.post(f"{address}/retire").text
    assert client.post(f"{address}/bring-back").status_code == 302
    assert not page(client.get("/admin/themes")).select_one("#retired")
    assert session.scalars(select(FindingTheme)).all() == []
