"""The themes of a partnership's list."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.extensions import db
from tracker.models.themes import Theme
from tracker.models.users import User
from tracker.policy import Action, partnerships_where


def themes_of(partnership_ids: Iterable[int]) -> Sequence[Theme]:
    """The themes of these partnerships by name, the retired ones too."""
    return db.session.scalars(
        select(Theme).where(Theme.partnership_id.in_(set(partnership_ids))).order_by(Theme.name, Theme.id)
    ).all()


def offered_themes(partnership_id: int) -> list[str]:
    """The names of the themes that a new finding may have, in order."""
    return [theme.name for theme in themes_of([partnership_id]) if not theme.retired_on]


def managed_theme(viewer: User, number: int) -> Theme | None:
    """The theme, if *viewer* looks after its partnership."""
    managed = partnerships_where(viewer, Action.MANAGE_PARTNERSHIP)
    found = select(Theme).where(Theme.id == number, Theme.partnership_id.in_(managed))
    return db.session.scalar(found.options(joinedload(Theme.partnership)))
