"""Partnerships and users."""

import json

import click
from flask import current_app
from flask.cli import AppGroup

from tracker.errors import Refused
from tracker.models.users import Role
from tracker.queries.partnerships import find_partnership
from tracker.services import partnerships, users

partnership = AppGroup("partnership", help="Partnerships.")
user = AppGroup("user", help="Users and their roles.")
commands = (partnership, user)


@partnership.command("add")
@click.argument("key")
@click.option("--name", required=True, help="What it is called, such as Shropshire Safer Communities.")
def add_partnership(key: str, name: str) -> None:
    """Adds the partnership that case files and commands know as KEY."""
    try:
        added = partnerships.add_partnership(key, by=None, name=name)
    except Refused as refusal:
        raise click.UsageError(refusal.message) from None
    click.echo(f"Added {added.name}", err=True)
    click.echo(json.dumps({"key": added.key, "name": added.name}, ensure_ascii=False))


@user.command("add")
@click.argument("email")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--partnership", "key", required=True, help="The partnership's key.")
@click.option("--agency", default="", help="The agency somebody speaks for; a partner has one.")
@click.option("--name", default="", help="What the person is called; otherwise the address stands for it.")
def add_user(email: str, role: str, key: str, agency: str, name: str) -> None:
    """Gives EMAIL a role, and prints a one-time link to choose a password."""
    where = find_partnership(key)
    if where is None:
        raise click.UsageError(f"There is no partnership with the key {key}")
    try:
        added, token = users.add_user(where, by=None, email=email, role=Role(role), name=name, agency=agency)
    except Refused as refusal:
        raise click.UsageError(refusal.message) from None
    link = password_link(token) if token else None
    if link:
        click.echo("Give this link to nobody else. It works once, for 7 days.", err=True)
    else:
        click.echo(f"{added.email} has a password already, and signs in with it.", err=True)
    answer = {"email": added.email, "role": role, "partnership": key, "set_password_link": link}
    click.echo(json.dumps(answer, ensure_ascii=False))


def password_link(token: str) -> str:
    """The whole address at which the owner of *token* chooses a password."""
    path = current_app.url_map.bind("").build("sign_in.set_password", {"token": token})
    return f"{current_app.config['SITE_URL']}{path}"
