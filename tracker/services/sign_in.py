"""Signing in and out. Sessions are rows, so that each can be ended at once."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.exc import OperationalError

from tracker import clock
from tracker.errors import Refused
from tracker.extensions import db, reads, writes
from tracker.models.users import SignInTry, User, UserSession, normalised_email
from tracker.services import passwords
from tracker.services.use_case import use_case
from tracker.tokens import digest, new_token

TRIES = 10
TRIES_COUNT_FOR = timedelta(minutes=15)
LONGEST_USER_AGENT = 120  # characters

WRONG = "Enter the email address and password of your account"
LOCKED = "There have been too many tries to sign in with this email address. Wait 15 minutes, then try again"


def authenticate(email: str, password: str) -> User:
    """The person with this address and password. Every try counts until one succeeds.

    An address nobody has takes as long as a wrong password and gets the same answer. No transaction is open while the
    password is being checked, which takes a while.

    Raises:
        Refused: they are wrong, the person is disabled, or there were ten tries in fifteen minutes.
    """
    count_try(email)
    with reads():
        user = db.session.scalar(select(User).where(User.email == normalised_email(email)))
        known = (user.id, user.password_hash) if user and user.is_active else (None, None)
        db.session.rollback()
    if not passwords.matches(known[1], password):
        raise Refused(WRONG, field="email")
    return db.session.get_one(User, known[0])


@use_case
def sign_in(user: User, *, by: User, user_agent: str = "") -> str:
    """A new session for *user*, who is *by*: its token, for the cookie. Their tries are forgotten."""
    token = new_token()
    db.session.add(UserSession(token_hash=digest(token), user_id=user.id, user_agent=user_agent[:LONGEST_USER_AGENT]))
    forget_tries(SignInTry.email_hash == digest(user.email))
    return token


@use_case
def sign_out(user: User, *, by: User, token: str) -> None:
    """Ends the session with this token."""
    ended = update(UserSession).where(UserSession.token_hash == digest(token), UserSession.user_id == user.id)
    db.session.execute(ended.values(ended_at=clock.now()).execution_options(synchronize_session=False))


def count_try(email: str) -> None:
    """Records a try before it is made, so that many at once cannot slip past the count. Not audited: anybody may try.

    Raises:
        Refused: it is one too many. That one is not kept, or whoever keeps trying would lock the owner out for ever.
    """
    email_hash = digest(normalised_email(email))
    since = clock.now() - TRIES_COUNT_FOR
    with writes():
        forget_tries(SignInTry.tried_at <= since)
        added = insert(SignInTry).values(email_hash=email_hash, tried_at=clock.now()).returning(SignInTry.id)
        this = db.session.scalar(added)
        db.session.commit()
        # Counted after the commit: whoever comes last of several at once sees all the others.
        recent = select(func.count()).where(SignInTry.email_hash == email_hash, SignInTry.tried_at > since)
        one_too_many = (db.session.scalar(recent) or 0) > TRIES
        if one_too_many:
            forget_tries(SignInTry.id == this)
        db.session.commit()
    if one_too_many:
        raise Refused(LOCKED, field="email")


def forget_tries(which: ColumnElement[bool]) -> None:
    """Deletes tries, but for those that somebody else is deleting: two who wait for each other would both fail."""
    ours = select(SignInTry.id).where(which).with_for_update(skip_locked=True)
    tries = delete(SignInTry).where(SignInTry.id.in_(ours))
    db.session.execute(tries.execution_options(synchronize_session=False))


def note_seen(session: UserSession) -> None:
    """Records that a session is in use. A page is shown even where that cannot be written just now."""
    seen = update(UserSession).where(UserSession.id == session.id).values(last_seen_at=clock.now())
    try:
        with writes():
            db.session.execute(seen.execution_options(synchronize_session=False))
            db.session.commit()
    except OperationalError:
        db.session.rollback()
        current_app.logger.warning("A session's use could not be recorded", exc_info=True)
