"""The transaction. A use-case commits whole, with its audit entry, or leaves nothing behind."""

import inspect
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import has_request_context

from tracker import audit
from tracker.extensions import db, note_saved, writes
from tracker.models.users import User

P = ParamSpec("P")
R = TypeVar("R")

_running: ContextVar[str] = ContextVar("use-case running", default="")


def use_case(function: Callable[P, R]) -> Callable[P, R]:
    """Makes *function* a use-case: `do_this(thing, ..., *, by: User | None, ...)`.

    The first argument is what it happens to, the others are named, and `by` is who does it (None: an operator's command
    or a job). When it returns, one numbered audit entry is added and everything is committed; when it raises, all is
    undone. What two use-cases share is a plain function: a use-case that calls another raises RuntimeError.

    Raises:
        TypeError: at import, where the signature is another one.
    """
    signature = inspect.signature(function)
    subject, *others = signature.parameters.values()
    if "by" not in signature.parameters or subject.kind is not inspect.Parameter.POSITIONAL_OR_KEYWORD:
        raise TypeError(f"{function.__qualname__} must take what it happens to first, and name who does it `by`")

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if outer := _running.get():
            raise RuntimeError(f"the use-case {outer} may not call another, {function.__name__}")
        given = signature.bind(*args, **kwargs)
        given.apply_defaults()
        by = given.arguments["by"]
        if by is not None and not isinstance(by, User):
            raise TypeError(f"`by` is a user or None, not a {type(by).__name__}")
        named = {other.name: given.arguments[other.name] for other in others if other.name != "by"}
        running = _running.set(function.__name__)
        try:
            with writes():
                result = function(*args, **kwargs)
                audit.append(function.__name__, given.arguments[subject.name], by=by, arguments=named, made=result)
                commit()
                note_saved()
        except BaseException:
            db.session.rollback()
            raise
        finally:
            _running.reset(running)
        return result

    return run


def commit() -> None:
    """Commits. A request keeps what it has loaded: its answer speaks of it once more, and nobody else's change yet."""
    session = db.session()
    session.expire_on_commit = not has_request_context()
    session.commit()
