"""Somebody who logs a referral page by page, as a browser would send it."""

from collections.abc import Mapping
from typing import Any

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.bad_values import drawn, form_of

Page = dict[str, Any]  # the answers of a page, by the names of its fields
SKIP: Page = {"skip": "yes"}

# A referral of each kind, received on 30 January 2026, as far as it must be answered and a little further.
REFERRALS: Mapping[str, Mapping[str, Page]] = {
    "dhr": {
        "received": {"on": ["30", "1", "2026"], "answer_from": "police"},
        "death": {"on": ["", "Jan", "2026"], "age_band": "35-44"},
        "criterion-death": {"met_death": "met", "evidence_death": "The certificate."},
        "criterion-aged_16_or_over": {"met_aged_16_or_over": "met"},
        "criterion-violence_abuse_or_neglect": SKIP,
        "criterion-relationship": {"met_relationship": "unclear"},
        "people": SKIP,
        "agencies": {"others": "The college"},
        "other_reviews": {"answer_owhr_may_apply": "no"},
        "summary": {"answer_summary": "Adult A died at home."},
    },
    "asb": {
        "received": {"on": ["30", "1", "2026"], "answer_how": "online"},
        "applicant": {"answer_applicant": "victim"},
        "consent": {"answer_consent": "given"},
        "complaints/1": {
            "behaviour_on": ["5", "1", "2026"],
            "reported_on": ["6", "1", "2026"],
            "body": "Council",
            "incident": "Shouting",
        },
        "complaints/2": {
            "behaviour_on": ["12", "Jan", "2026"],
            "reported_on": ["12", "January", "2026"],
            "hate": "yes",
        },
        "themes": {"themes": ["neighbours", "noise"]},
        "bodies": SKIP,
        "summary": {"answer_summary": "Noise at night."},
    },
    "owhr": {
        "received": {"on": ["30", "1", "2026"], "answer_from": "police"},
        "death": SKIP,
        "partner-1": {"name": "West Mercia Police", "on": ["2", "2", "2026"]},
        "partner-2": SKIP,
        "partner-3": {"on": ["9", "2", "2026"]},
        "criterion-homicide": {"met_homicide": "met"},
        "criterion-aged_18_or_over": SKIP,
        "criterion-offensive_weapon": {"met_offensive_weapon": "not_met"},
        "criterion-england_or_wales": SKIP,
        "criterion-identity_known": SKIP,
        "criterion-relevant_information": SKIP,
        "exclusions": {"met_not_domestic_homicide": "not_met", "evidence_not_domestic_homicide": "A former partner."},
        "people": SKIP,
        "summary": {"answer_summary": "Adult B died in the street."},
    },
}


def begin(client: FlaskClient, kind: str) -> str:
    """The address of a new draft, below which its pages are."""
    first: str = client.post("/cases/log", data={"kind": kind}).location
    assert first.endswith("/received")
    return first.removesuffix("/received")


def filled_in(client: FlaskClient, address: str, answers: Page) -> MultiDict[str, str]:
    """What a browser sends of a page, once these answers are put into it."""
    sent = drawn(form_of(client.get(address).text))
    for name, value in answers.items():
        sent.setlist(name, value if isinstance(value, list) else [value])
    return sent


def answer(client: FlaskClient, draft: str, pages: Mapping[str, Page]) -> None:
    """Answers these pages, one after the other."""
    for page, answers in pages.items():
        sent = client.post(f"{draft}/{page}", data=filled_in(client, f"{draft}/{page}", answers))
        assert sent.status_code == 302, (page, BeautifulSoup(sent.text, "html.parser").select(".govuk-error-summary"))


def referred(client: FlaskClient, kind: str, **changed: Page) -> str:
    """The address of a draft in which every page is answered; *changed*, by the page's key, differently."""
    draft = begin(client, kind)
    answer(client, draft, {**REFERRALS[kind], **changed})
    return draft


def log(client: FlaskClient, draft: str) -> TestResponse:
    return client.post(f"{draft}/check", data=drawn(form_of(client.get(f"{draft}/check").text)))
