"""How a partnership's pages look: chosen, looked at, and only then applied."""

import secrets

from sqlalchemy import ColumnElement, delete, select

from tracker import clock
from tracker.errors import Refused
from tracker.extensions import db
from tracker.models.branding import Branding, Standing
from tracker.models.partnerships import Partnership
from tracker.models.users import User
from tracker.policy import Action, ensure
from tracker.services.colours import readable_colour
from tracker.services.logos import clean_logo
from tracker.services.partnerships import checked_name
from tracker.services.use_case import use_case

REPLACED = "Another look has been chosen since. Look at this one before you apply it"


@use_case
def propose_branding(
    partnership: Partnership,
    *,
    by: User | None,
    name: str,
    colour: str,
    logo: bytes | None = None,
    without_logo: bool = False,
) -> Branding:
    """A look to be shown before it applies; it takes the place of one that was proposed before.

    Args:
        logo: a PNG; none keeps the logo there is, unless *without_logo*.

    Raises:
        NotPermitted: *by* does not manage the partnership.
        Refused: there is no name, the colour cannot be read on white, or the logo is no fit picture.
    """
    ensure(by, Action.MANAGE_PARTNERSHIP, within=partnership.id)
    name, colour = checked_name(name), readable_colour(colour)
    if logo is not None and without_logo:
        raise Refused("Choose a logo or have none, not both", field="file")
    current = in_turn(partnership, Standing.CURRENT)
    kept = current.logo if current and not without_logo else None
    picture = kept if logo is None else clean_logo(logo)
    if current and (name, colour, picture) == (partnership.name, current.colour, current.logo):
        raise Refused("That is how the pages look already", field="name")
    db.session.execute(delete(Branding).where(*of(partnership, Standing.PROPOSED)))
    proposed = Branding(
        partnership_id=partnership.id, version=secrets.token_hex(8), standing=Standing.PROPOSED,
        name=name, colour=colour, logo=picture, has_logo=picture is not None,
    )  # fmt: skip
    db.session.add(proposed)
    return proposed


@use_case
def apply_branding(partnership: Partnership, *, by: User | None, version: str) -> Branding:
    """Has every page of the partnership look as was proposed. The look before it stays recorded.

    Raises:
        NotPermitted: *by* does not manage the partnership.
        Refused: the look of that *version* is not the one that waits.
    """
    ensure(by, Action.MANAGE_PARTNERSHIP, within=partnership.id)
    current, proposed = in_turn(partnership, Standing.CURRENT), in_turn(partnership, Standing.PROPOSED)
    if proposed is None or proposed.version != version:
        raise Refused(REPLACED)
    if current:
        current.standing = None
        db.session.flush()
    proposed.standing, proposed.applied_at = Standing.CURRENT, clock.now()
    partnership.name = proposed.name
    return proposed


def in_turn(partnership: Partnership, standing: Standing) -> Branding | None:
    """The look of that standing, once nobody else is choosing one for the partnership."""
    db.session.execute(select(Partnership.id).where(Partnership.id == partnership.id).with_for_update())
    return db.session.scalar(select(Branding).where(*of(partnership, standing)))


def of(partnership: Partnership, standing: Standing) -> tuple[ColumnElement[bool], ...]:
    return Branding.partnership_id == partnership.id, Branding.standing == standing
