"""Reading pages as a person would, and strictly."""

from typing import Any

import html5lib
from bs4 import BeautifulSoup
from flask import has_app_context
from flask.testing import FlaskClient
from html5lib.constants import E
from werkzeug.test import TestResponse

from tracker.extensions import db


def page(response: TestResponse) -> BeautifulSoup:
    """The page of *response*, to be searched."""
    return BeautifulSoup(response.text, "html5lib")


def faults(markup: str) -> list[str]:
    """What is wrong with *markup*, as a strict reader of HTML sees it."""
    parser = html5lib.HTMLParser()
    parser.parse(markup)
    lines = markup.splitlines()
    return [
        f"line {line}, column {column}: {E[code] % words}: {lines[line - 1].strip() if line <= len(lines) else ''}"
        for (line, column), code, words in parser.errors
    ]


class StrictClient(FlaskClient):
    """A test client that will not have broken markup, and sees what the test has stored so far."""

    def open(self, *arguments: Any, **settings: Any) -> TestResponse:
        """The response. Raises AssertionError for markup that a strict reader would have to mend."""
        if has_app_context():
            db.session.commit()
        settings.setdefault("buffered", True)  # reads files to their end, and closes them
        response = super().open(*arguments, **settings)
        if response.mimetype == "text/html" and response.text:
            found = faults(response.text)
            assert not found, f"{response.request.path} is not sound HTML:\n" + "\n".join(found)
        return response
