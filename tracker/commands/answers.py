"""How commands answer: JSON on standard output, messages on standard error, and what the exit says."""

import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from tracker.errors import NotFound, Refused
from tracker.procedures.case_file import BroughtIntoForce, CaseFile, WrongFile, nowhere, read_json

NO, WRONG_USE = 1, 2
FIRST_YEAR, LAST_YEAR = 1900, 2200
NOT_USABLE = "the database cannot be used. Is DATABASE_URL right, and has “flask db upgrade” been run?"

P = ParamSpec("P")
R = TypeVar("R")


def answer(thing: object) -> None:
    click.echo(json.dumps(thing, indent=2, ensure_ascii=False))


def refuse(message: str, exit_code: int = WRONG_USE) -> "click.exceptions.Exit":
    """Says why on standard error; raise what it returns."""
    click.echo(message, err=True)
    return click.exceptions.Exit(exit_code)


def plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Turns what a use-case says no with into a message and an exit of 2."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except (WrongFile, Refused, NotFound) as no:
            raise refuse(str(no)) from None
        except (OperationalError, ProgrammingError) as fault:
            raise refuse(f"{str(fault.orig).splitlines()[0]}: {NOT_USABLE}") from None
        except UnicodeEncodeError:  # bytes of the command line that no database takes
            raise refuse("What was given is not UTF-8 text") from None

    return run


def day(given: datetime, option: str) -> date:
    """The day that an option gives. Raises click.exceptions.Exit, 2, for a year that no case can have."""
    if not FIRST_YEAR <= given.year <= LAST_YEAR:
        raise refuse(f"{option} must be in the years {FIRST_YEAR} to {LAST_YEAR}")
    return given.date()


def cases_in(name: str, brought_into_force: BroughtIntoForce) -> list[tuple[str, CaseFile]]:
    """Each case in a file, or on standard input for “-”, with the words that name it in messages.

    Raises:
        click.exceptions.Exit: 2, naming file, row and field, where it is not right.
    """
    cases = rows_in(name, text_of(name), brought_into_force)
    if not cases:
        raise refuse(f"{name}: holds no case")
    return cases


def rows_in(name: str, text: str, brought_into_force: BroughtIntoForce = nowhere) -> list[tuple[str, CaseFile]]:
    """Each case of a file, with the words that name it in messages."""
    try:
        cases = read_json(text, brought_into_force)
    except WrongFile as wrong:
        raise refuse("\n".join(f"{name}: {fault}" for fault in wrong.faults)) from None
    if len(cases) == 1:
        return [(name, cases[0])]
    return [(f"{name}: case {place}", case) for place, case in enumerate(cases, start=1)]


def text_of(name: str) -> str:
    try:
        if name == "-":
            return sys.stdin.buffer.read().decode("utf-8-sig")
        return Path(name).read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise refuse(f"{name}: cannot be read: {fault.strerror}") from None
    except UnicodeDecodeError:
        raise refuse(f"{name}: is not UTF-8 text") from None
