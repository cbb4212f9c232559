"""Who may see which page. Every page says so with a mark; one without a mark is closed to everybody."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from tracker import clock, policy
from tracker.errors import NotPermitted
from tracker.extensions import SAFE_METHODS, login_manager
from tracker.models.cases import Case
from tracker.models.users import User
from tracker.policy import Action
from tracker.queries.users import owner_of_session, running_session
from tracker.services.sign_in import note_seen

NOTED_EVERY = timedelta(minutes=1)  # how closely the last use of a session is known
SIGN_IN = "sign_in.sign_in"
SENT_BY = "sent_by"  # in the cookie: whose form came after their session had ended
TIMED_OUT = (
    "You have been signed out, because you were away for 30 minutes or signed in for 10 hours. Sign in to go on."
)

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Access:
    """Who may see a page: everybody, or whoever is signed in and may take one of the actions, where there are any."""

    everybody: bool = False
    actions: tuple[Action, ...] = ()


def requires(*actions: Action) -> Callable[[View], View]:
    """Marks a page as for people who may take one of *actions* somewhere; with none, for everybody who is signed in.

    Goes under the route. Whether they may take it on the case at hand is for `ensure` and `visible_cases`.
    """

    def mark(view: View) -> View:
        view.access = Access(actions=actions)  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Marks a page as open to everybody, signed in or not."""
    view.access = Access(everybody=True)  # type: ignore[attr-defined]
    return view


def signed_in() -> User:
    """Whoever sent this request. Raises NotPermitted on a public page that somebody sees without signing in."""
    user = current_user._get_current_object()
    if not isinstance(user, User):
        raise NotPermitted
    return user


def may(action: Action, case: Case | None = None, *, within: int | None = None) -> bool:
    """What a template asks: `policy.may` for whoever sees the page."""
    user = current_user._get_current_object()
    return isinstance(user, User) and policy.may(user, action, case, within=within)


def load_user(token: str) -> User | None:
    """Whom a cookie's token stands for. Notes the use of the session, once a minute."""
    found = running_session(token)
    if found and found.last_seen_at <= clock.now() - NOTED_EVERY:
        note_seen(found)
        found = running_session(token)
    if found is None:
        return None
    found.user.session_token = token
    return found.user


def check_access() -> ResponseReturnValue | None:
    """Lets a request through to its page, asks its sender to sign in, or refuses."""
    if request.endpoint is None:  # no such page
        return None
    access = getattr(current_app.view_functions[request.endpoint], "access", None)
    if access and access.everybody:
        return None
    if not current_user.is_authenticated:
        return ask_to_sign_in()
    if access is None:
        current_app.logger.error("The page %s does not say who may see it", request.endpoint)
        raise NotPermitted
    user = signed_in()
    if access.actions and not any(policy.may(user, action) for action in access.actions):
        raise NotPermitted
    return None


def ask_to_sign_in() -> ResponseReturnValue:
    """To the sign-in page, and from there back to the page that was asked for.

    A form that came after the session had ended goes there too: its answers are kept until its sender is back.
    """
    asked_for, code = page_asked_for(), 302
    if token := session.pop("_user_id", None):
        flash(TIMED_OUT)
        if request.method == "POST" and is_page(request.path):
            session[SENT_BY], code = owner_of_session(token), 307  # this code has the browser send it again, there
    return redirect(url_for(SIGN_IN, next=asked_for) if asked_for != "/" else url_for(SIGN_IN), code)


def page_asked_for() -> str:
    """The page to come back to: this one, or for an address that only takes forms, the one the form was on."""
    here = request.full_path.rstrip("?")
    if request.method in SAFE_METHODS or is_page(request.path):
        return here
    came_from = urlsplit(request.referrer or "")
    return came_from.path if came_from.netloc == request.host and is_page(came_from.path) else "/"


def is_page(path: str) -> bool:
    """Whether somebody can go to *path*."""
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return False
    return True


def local_path(address: str) -> str:
    """*address* if it is a page of ours, else the first page: nobody is sent elsewhere after signing in."""
    plain = address.isprintable() and " " not in address and "\\" not in address
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    ours = not parts.scheme and not parts.netloc and address.startswith("/") and not address.startswith("//")
    return address if plain and ours and is_page(parts.path) else "/"


def register(app: Flask) -> None:
    """Closes every page that is not marked as open."""
    login_manager.user_loader(load_user)
    public(app.view_functions["static"])
    app.before_request(check_access)
    app.add_template_global(may, "may")
    app.add_template_global(Action, "Action")
