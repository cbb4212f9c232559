"""Every form there is, found by its route: what is no answer is refused beside its field, and nothing is written.

Each field gets one bad value, drawn from a fixed seed; with `BAD_VALUES=200` in the environment it gets 200.
"""

import os
import re
from collections.abc import Callable
from datetime import date
from itertools import islice
from random import Random
from urllib.parse import urlsplit

import pytest
from argon2 import PasswordHasher
from bs4 import Tag
from flask import Flask
from flask.testing import FlaskClient

from tests.bad_values import SCRIPT, UNFIT, Question, committed, drawn, forms_of, questions_of
from tests.every_form import EveryForm
from tracker.services import item_links, passwords

TIMES = int(os.environ.get("BAD_VALUES", "1"))
TODAY = date(2026, 11, 24)
ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
BUTTONS_ONLY = {"sign_in.sign_out", "notices.index"}  # on every page; where there is something unread


@pytest.fixture
def served(own_app: Flask, today_is: Callable[[date], None], monkeypatch: pytest.MonkeyPatch) -> Flask:
    today_is(TODAY)
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    monkeypatch.setattr(item_links, "MOST_USES", item_links.MOST_USES * TIMES)
    return own_app


@ON_SQLITE
def test_every_form_refuses_what_is_no_answer(served: Flask) -> None:
    taking = {rule.endpoint for rule in served.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert refuse_everywhere(served) | BUTTONS_ONLY == taking


@ON_POSTGRESQL
def test_a_third_of_them_refuses_it_on_postgresql_too(served: Flask) -> None:
    refuse_everywhere(served, every=1 if TIMES > 1 else 3)


def refuse_everywhere(app: Flask, every: int = 1) -> set[str]:
    """Sends bad answers to each form that asks something. Returns the endpoints that forms were sent to."""
    sent_to: set[str] = set()
    draw, found = Random(20261125), list[str]()  # noqa: S311
    with app.app_context(), committed() as changes:
        for client, page in islice(EveryForm(app).pages(), 0, None, every):
            shown = client.get(page)
            assert shown.status_code == 200, page
            for form in forms_of(shown.text):
                address = str(form.get("action") or page)
                sent_to.add(app.url_map.bind("localhost").match(urlsplit(address).path, method="POST")[0])
                asked = questions_of(form)
                for _ in range(TIMES if any(each.kind != "hidden" for each in asked) else 0):
                    changes.clear()
                    faults = refused(client, address, form, asked, draw)
                    found += [f"{page}: {fault}" for fault in (*faults, *map("wrote {}".format, changes))]
    assert not found, "\n".join(found)
    return sent_to


def refused(client: FlaskClient, address: str, form: Tag, asked: list[Question], draw: Random) -> list[str]:
    """Sends the form with every answer bad. Returns what is wrong with how it is refused."""
    sent = drawn(form)
    for button in form.find_all("button", attrs={"name": True}, limit=1):
        sent[str(button["name"])] = "yes"
    bad = {each: each.bad_answer(draw) for each in asked if each.kind not in {"hidden", "file"}}
    for each, values in bad.items():
        sent.setlist(each.name, values)
    response = client.post(address, data=sent)
    if response.status_code == 413 and len(str(sent)) > 100_000:
        return []
    if response.status_code != 200:
        return [f"{response.status_code} for {sent!r}"]
    faults = ["text became markup"] * (SCRIPT in response.text)
    again = [drawn(each) for each in forms_of(response.text)]
    for each, values in bad.items():
        kept = next((sent.getlist(each.name) for sent in again if each.name in sent), [])
        if each.kind not in {"choice", "password"} and list(map(beginning, kept)) != list(map(beginning, values)):
            faults.append(f"{each.name} does not keep {values!r:.200} but {kept!r:.200}")
        if not re.search(rf'href="#{each.id}[-"]', response.text) or f'id="{each.id}-error"' not in response.text:
            faults.append(f"nothing is said beside {each.name} about {values!r:.200}")
    return faults


def beginning(text: str) -> str:
    """The first letters of what was typed, as far as they can be shown."""
    return "".join(letter for letter in text if letter not in UNFIT).strip()[:20]
