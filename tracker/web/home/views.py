"""The first page: what waits for whoever has signed in, by their roles."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.web.access import requires, signed_in
from tracker.web.frame import ROLE_WORDS
from tracker.web.home.my_work import MyWork

pages = Blueprint("home", __name__)


@pages.route("/")
@requires()
def show() -> ResponseReturnValue:
    """My work; a word of welcome for somebody with no role."""
    work = MyWork(signed_in(), clock.today())
    return render_template("home/show.html" if work.roles else "home/welcome.html", work=work, words=ROLE_WORDS)
