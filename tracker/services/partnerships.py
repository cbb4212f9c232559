"""Partnerships: the operator adds them."""

import re

from sqlalchemy import select

from tracker.errors import Refused
from tracker.extensions import db
from tracker.models.partnerships import Partnership
from tracker.models.users import User
from tracker.policy import Action, ensure
from tracker.services.themes import add_usual_themes
from tracker.services.use_case import use_case

KEY = re.compile(r"[a-z][a-z0-9-]{1,39}")
LONGEST_NAME = 200  # characters


@use_case
def add_partnership(key: str, *, by: User | None, name: str) -> Partnership:
    """A new partnership, known to commands and case files as *key*, with the usual themes. Only a command adds one.

    Raises:
        Refused: the key is malformed or taken, or there is no name.
    """
    ensure(by, Action.ADD_PARTNERSHIP)
    if not KEY.fullmatch(key):
        raise Refused("Key must be 2 to 40 small letters, figures and hyphens, and start with a letter", field="key")
    if db.session.scalar(select(Partnership.id).where(Partnership.key == key)):
        raise Refused(f"There is already a partnership with the key {key}", field="key")
    partnership = Partnership(key=key, name=checked_name(name))
    db.session.add(partnership)
    add_usual_themes(partnership)
    return partnership


def checked_name(name: str) -> str:
    """*name* without blanks around it. Raises Refused where there is none or too much of it."""
    name = " ".join(name.split())
    if not name:
        raise Refused("Enter a name", field="name")
    if len(name) > LONGEST_NAME:
        raise Refused(f"Name must be {LONGEST_NAME} characters or fewer", field="name")
    return name
