"""The partnerships that an administrator looks after."""

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.policy import Action
from tracker.queries.partnerships import shared_cases
from tracker.web.access import requires
from tracker.web.admin import pages
from tracker.web.admin.scope import scope


@pages.route("/partnerships")
@requires(Action.MANAGE_PARTNERSHIP)
def partnerships() -> ResponseReturnValue:
    """Each with its key, its name, and the partnerships with which it shares cases."""
    managed = scope().managed
    shared = shared_cases(partnership.id for partnership in managed)
    return render_template("admin/partnerships.html", managed=managed, shared=shared)
