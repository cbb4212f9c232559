"""What a partnership asks of every page for its people's sake: whom to ask for help, and a word of warning."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Flask
from flask_login import current_user

from tracker import clock
from tracker.models.partnerships import Partnership
from tracker.models.users import User

WARNING = (
    "This may describe violence, abuse or a death. It can wait until you are ready, and you need not read it alone."
)


@dataclass(frozen=True, slots=True)
class HelpContact:
    """Whom to ask. Each part may be empty."""

    name: str = ""
    email: str = ""
    phone: str = ""


def settled(partnerships: Iterable[Partnership], key: str) -> list[object]:
    """What these partnerships have settled for *key*."""
    found = [partnership.page_setting(key, clock.today()) for partnership in partnerships]
    return [value for value in found if value]


def help_contact(partnerships: Iterable[Partnership]) -> HelpContact | None:
    """Whom the first of them that names anybody names for help: the local setting `help.contact`."""
    for value in settled(partnerships, "help.contact"):
        if isinstance(value, Mapping):
            parts = {part: str(value.get(part) or "").strip() for part in ("name", "email", "phone")}
            if any(parts.values()):
                return HelpContact(**parts)
    return None


def warning() -> str:
    """What stands before a text that may distress whoever reads it; empty unless their partnership asks for it."""
    user = current_user._get_current_object()
    partnerships = user.partnerships if isinstance(user, User) else []
    return WARNING if any(value in (True, "yes") for value in settled(partnerships, "care.warn")) else ""


def register(app: Flask) -> None:
    """Makes both known to every template; macros ask for them too."""
    app.add_template_global(warning, "care_warning")
