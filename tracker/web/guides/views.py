"""A short guide for each role, written for the person who has it; the site's accessibility and its privacy notice."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.models.users import Role
from tracker.policy import roles_held
from tracker.procedures import PROCEDURES
from tracker.web.access import public, requires, signed_in
from tracker.web.frame import ROLE_WORDS

pages = Blueprint("guides", __name__)


@pages.route("/guide")
@requires()
def index() -> ResponseReturnValue:
    """The guides, and which are for the roles that one has."""
    return render_template("guides/index.html", roles=ROLE_WORDS, held=roles_held(signed_in()))


@pages.route(f"/guide/<any({', '.join(Role)}):role>")
@requires()
def show(role: str) -> ResponseReturnValue:
    """What somebody in this role does here. Everybody may read each: it tells what a colleague sees."""
    others = {other: words for other, words in ROLE_WORDS.items() if other != role}
    return render_template(f"guides/{role}.html", others=others)


@pages.route("/guide/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """How accessible the site is, and whom to tell of what is not; also for whoever holds only a link."""
    return render_template("guides/accessibility.html")


@pages.route("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """What is held of people, why, how long and whom to ask; also for whoever holds only a link."""
    laws = [(edition.title, edition.law) for edition in PROCEDURES.values() if edition.law.verified]
    return render_template("guides/privacy.html", laws=laws)
