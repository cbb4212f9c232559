"""A short guide for each role, written for the person who has it, and how accessible the site is."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.models.users import Role
from tracker.policy import roles_held
from tracker.web.access import public, requires, signed_in
from tracker.web.frame import ROLE_WORDS

pages = Blueprint("guides", __name__, url_prefix="/guide")


@pages.route("")
@requires()
def index() -> ResponseReturnValue:
    """The guides, and which are for the roles that one has."""
    return render_template("guides/index.html", roles=ROLE_WORDS, held=roles_held(signed_in()))


@pages.route(f"/<any({', '.join(Role)}):role>")
@requires()
def show(role: str) -> ResponseReturnValue:
    """What somebody in this role does here. Everybody may read each: it tells what a colleague sees."""
    others = {other: words for other, words in ROLE_WORDS.items() if other != role}
    return render_template(f"guides/{role}.html", others=others)


@pages.route("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """How accessible the site is, and whom to tell of what is not; also for whoever holds only a link."""
    return render_template("guides/accessibility.html")
