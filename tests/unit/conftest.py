"""Unit tests know no web and no database: importing either from here, however deep, fails."""

import builtins
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

FORBIDDEN = {"flask", "sqlalchemy", "flask_sqlalchemy", "flask_login", "flask_wtf", "wtforms", "alembic", "reportlab"}
# Parts of ours that need one of them, though another test may have imported them already.
HEAVY = {"application", "audit", "cli", "extensions", "exports", "jobs", "models", "queries", "services", "web"}


def is_forbidden(name: str, names: tuple[str, ...]) -> bool:
    """Whether `import name`, or `from name import names`, brings the web or a database."""
    first, _, rest = name.partition(".")
    if first == "tracker":
        return rest.partition(".")[0] in HEAVY or (not rest and bool(HEAVY & set(names)))
    return first in FORBIDDEN


@contextmanager
def light() -> Iterator[None]:
    """Refuses heavy imports meanwhile."""
    importing = builtins.__import__

    # The names are those of the built-in, which some callers give by name.
    def refuse(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
        if not level and is_forbidden(name, tuple(fromlist or ())):
            raise ImportError(f"a unit test may not import {name}: move the test to tests/integration")
        return importing(name, globals, locals, fromlist, level)

    builtins.__import__ = refuse
    try:
        yield
    finally:
        builtins.__import__ = importing


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Reads a unit test's module without heavy imports."""
    if not isinstance(collector, pytest.Module):
        return (yield)
    with light():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """Runs a unit test without heavy imports."""
    with light():
        return (yield)
