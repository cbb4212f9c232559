"""`flask demo`: something to try the tracker on."""

import click

from tracker.commands.answers import answer, plainly
from tracker.services.demo import fill_demo, new_sign_ins

PILOT = "shropshire"


@click.command("demo")
@plainly
def command() -> None:
    """Fill an empty database with the pilot partnership, its users and its cases."""
    people = new_sign_ins()
    cases = fill_demo(PILOT, by=None, secret=people)
    shown = ("role", "name", "email", "password")
    answer(
        {
            "partnership": PILOT,
            "cases": cases,
            "sign_ins": [{part: str(getattr(person, part)) for part in shown} for person in people],
        }
    )


commands = (command,)
