"""A form that was sent after its sender's session had ended: its answers are kept through signing in again."""

from flask import request, session

from tracker.models.users import User
from tracker.web.access import SENT_BY

KEPT = "kept."  # goes before the names of its answers on the sign-in page, which has names of its own
NOT_KEPT = {"csrf_token"}


def is_late_form() -> bool:
    """Whether this request is such a form, sent on to the sign-in page, and not the sign-in page's own."""
    return request.method == "POST" and SENT_BY in session and "password" not in request.form


def kept_answers() -> list[tuple[str, str]]:
    """The answers, by the names that their own form knows them by."""
    if SENT_BY not in session:
        return []
    before = "" if is_late_form() else KEPT
    names = [name for name in request.form if name.startswith(before) and name not in NOT_KEPT]
    return [(name.removeprefix(before), value) for name in names for value in request.form.getlist(name)]


def are_kept_for(user: User) -> bool:
    """Whether it was *user* who had sent it. Ask before a new session begins: that forgets it."""
    return session.get(SENT_BY) == user.id
