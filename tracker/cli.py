"""The operator's commands, each a thin door to a use-case or a query."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import click
from flask import Flask, current_app
from flask_migrate.cli import db as migrations  # type: ignore[import-not-found]
from sqlalchemy.exc import DatabaseError

from tracker import commands

NOT_THERE = ("no such table", "no such column", "does not exist", "UndefinedTable", "UndefinedColumn")


def register(app: Flask) -> None:
    """Adds the commands of every module in tracker/commands to `flask`."""
    for module in pkgutil.iter_modules(commands.__path__):
        for command in getattr(importlib.import_module(f"{commands.__name__}.{module.name}"), "commands", ()):
            app.cli.add_command(command)
    for command in every_command(app.cli, migrations):
        if command.callback and not hasattr(command.callback, "is_plain"):
            command.callback = says_what_the_database_lacks(command.callback)


def every_command(*groups: click.Group) -> Iterator[click.Command]:
    """The commands in these groups, and in the groups in them."""
    for group in groups:
        for command in group.commands.values():
            if isinstance(command, click.Group):
                yield from every_command(command)
            else:
                yield command


def says_what_the_database_lacks(command: Callable[..., Any]) -> Callable[..., Any]:
    """Ends a command on a database that cannot be reached, or was not migrated, with a sentence and an exit of 2."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except DatabaseError as fault:
            if current_app.debug:
                raise
            database = current_app.config["SQLALCHEMY_DATABASE_URI"].render_as_string(hide_password=True)
            reason = str(fault.orig).strip().splitlines()[0]
            advice = "\nBring it up to date with: flask db upgrade" if any(sign in reason for sign in NOT_THERE) else ""
            click.echo(f"The database {database} cannot be used for this: {reason}{advice}", err=True)
            raise click.exceptions.Exit(2) from None

    run.is_plain = True  # type: ignore[attr-defined]
    return run
