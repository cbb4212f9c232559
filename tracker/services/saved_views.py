"""Naming a list of cases, and taking the name away."""

from collections.abc import Mapping

from sqlalchemy import select

from tracker.errors import NotFound, Refused
from tracker.extensions import db
from tracker.models.partnerships import Partnership
from tracker.models.saved_views import SavedView
from tracker.models.users import User
from tracker.policy import Action, ensure
from tracker.services.use_case import use_case

LONGEST_NAME = 60  # characters
MOST_VIEWS = 20  # of one person


@use_case
def save_view(name: str, *, by: User, filters: Mapping[str, str], shared_with: Partnership | None = None) -> SavedView:
    """A list of cases under a name: *by*'s own, or for everybody who reads cases in a partnership.

    Raises:
        NotPermitted: *by* reads no cases, or not there.
        Refused: there is no name, it is too long or in use, or *by* has as many views as anybody may have.
    """
    ensure(by, Action.READ_CASE, within=shared_with.id if shared_with else None)
    name = " ".join(name.split())
    if not name:
        raise Refused("Enter a name for this list", field="name")
    if len(name) > LONGEST_NAME:
        raise Refused(f"Name must be {LONGEST_NAME} characters or fewer", field="name")
    # Whoever saves holds their own row, so of two forms sent at once the second finds what the first has saved.
    db.session.execute(select(User.id).where(User.id == by.id).with_for_update())
    asked = {"partnership_id": shared_with.id if shared_with else None, "filters": dict(filters)}
    own = {view.name: view for view in db.session.scalars(select(SavedView).where(SavedView.owner_id == by.id))}
    if same := own.get(name):
        if (same.partnership_id, same.filters) == tuple(asked.values()):
            return same
        raise Refused(f"You already have a list called {name}", field="name")
    if len(own) >= MOST_VIEWS:
        raise Refused(f"You have {MOST_VIEWS} saved lists. Delete one before you save another", field="name")
    view = SavedView(owner_id=by.id, name=name, **asked)
    db.session.add(view)
    return view


@use_case
def delete_view(view: SavedView, *, by: User) -> None:
    """Takes a list's name away, for everybody it was shared with. Raises NotFound: it is somebody else's."""
    if view.owner_id != by.id:
        raise NotFound
    db.session.delete(view)
