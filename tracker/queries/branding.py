"""Looks, by the address that names them and by whose they are."""

import re

from sqlalchemy import select
from sqlalchemy.orm import undefer

from tracker.extensions import db
from tracker.models.branding import Branding, Standing
from tracker.models.partnerships import Partnership


def find_branding(version: str) -> Branding | None:
    """The look of that version with its logo, whether or not it applies."""
    if not re.fullmatch(r"[0-9a-f]{16}", version):
        return None
    return db.session.scalar(select(Branding).where(Branding.version == version).options(undefer(Branding.logo)))


def proposed_branding(partnership: Partnership) -> Branding | None:
    """The look that was chosen for a partnership and does not apply yet."""
    return db.session.scalar(
        select(Branding).where(Branding.partnership_id == partnership.id, Branding.standing == Standing.PROPOSED)
    )
