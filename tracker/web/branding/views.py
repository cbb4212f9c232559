"""A look's style sheet and logo. Each address names one version and never answers otherwise, so browsers keep it."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from tracker.errors import NotFound
from tracker.models.branding import Branding
from tracker.queries.branding import find_branding
from tracker.web.access import public
from tracker.web.assets import A_YEAR

pages = Blueprint("branding", __name__, url_prefix="/branding")


@pages.route("/<version>.css")
@public
def style(version: str) -> ResponseReturnValue:
    """The colour. It is loaded last, and every other shade follows from it."""
    found = branding_or_404(version)
    return kept(f":root {{ --partnership-colour: {found.colour}; }}\n", "text/css")


@pages.route("/<version>.png")
@public
def logo(version: str) -> ResponseReturnValue:
    """The logo."""
    found = branding_or_404(version)
    if found.logo is None:
        raise NotFound
    return kept(found.logo, "image/png")


def branding_or_404(version: str) -> Branding:
    found = find_branding(version)
    if found is None:
        raise NotFound
    return found


def kept(content: str | bytes, kind: str) -> Response:
    response = Response(content, mimetype=kind)
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response
