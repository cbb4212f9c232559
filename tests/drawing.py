"""An application that draws pages and has no database, for tests of markup; and ways to read what it drew."""

from pathlib import Path

from bs4 import BeautifulSoup, Tag
from flask import Flask

from tests.pages import faults
from tracker.web import filters, frame
from tracker.web.guides.views import pages as guides

TEMPLATES = Path(__file__).parents[1] / "templates"


def drawing_app() -> Flask:
    """The application's templates, filters and frame, with nobody signed in."""
    app = Flask(__name__, template_folder=str(TEMPLATES))
    app.config.update(SECRET_KEY="a secret for tests only", WTF_CSRF_ENABLED=False)
    filters.register(app)
    frame.register(app)
    app.register_blueprint(guides)  # the foot of every page leads there
    app.template_context_processors[None].remove(frame.frame)
    app.jinja_env.globals.update(asset=lambda name: f"/static/{name}", csp_nonce="n")
    return app


def sound(markup: str) -> BeautifulSoup:
    """The page of *markup*. Raises AssertionError for what a strict reader would have to mend."""
    assert faults(markup) == []
    return BeautifulSoup(markup, "html5lib")


def one(page: Tag, selector: str) -> Tag:
    """The first element that *selector* finds. Raises AssertionError if there is none."""
    found = page.select_one(selector)
    assert found is not None, selector
    return found
