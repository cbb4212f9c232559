"""Who may verify that an action was done: somebody else than claimed it, in person and in agency."""

import re
from collections.abc import Mapping

from sqlalchemy import or_, select

from tracker.extensions import db
from tracker.models.item_links import ItemLink
from tracker.models.partnerships import Agency
from tracker.models.plans import ActionEvent, PlannedAction
from tracker.models.users import User
from tracker.procedures.plan_status import Happening
from tracker.queries.partnerships import answering_names

BESIDE = r"\s*(?:[,;/&+()\n]|\band\b|\bwith\b)\s*"  # between the agencies that lead an action together


def why_not_verify(action: PlannedAction, by: User) -> str:
    """Why somebody may not verify the claim that stands: their own, or their agency's. Empty where they may.

    What a file said was complete is the claim of whoever imported it. What came by a link may come from whoever made
    one, because they were shown it, and from whoever was sent one. An agency that was renamed or merged is the one that
    answers for it now; each of several that lead together claims for itself.
    """
    claim = next((event for event in reversed(action.events) if event.kind is Happening.CLAIMED), None)
    if by.id == (claim.recorded_by_id if claim else action.added_by_id):
        return "You recorded this claim, so somebody else must verify it"
    if claim and claim.recorded_by_id is None and had_link(action, by, claim):
        return "You had a link by which this could be claimed, so somebody else must verify it"
    whose = own_agency(action, by)
    claimants = {claim.agency if claim else action.lead_agency}
    if claim and claim.recorded_by and claim.recorded_by.agency:
        claimants.add(claim.recorded_by.agency.name)
    names = every_name(whose, answering_names(action.partnership_id))
    if any(is_among(name, claimant) for name in names for claimant in claimants):
        return f"{whose} claims this, so somebody of another agency must verify it"
    return ""


def every_name(agency: str, answering: Mapping[str, str]) -> set[str]:
    """Each name, casefolded, of the agency that answers for *agency*. *answering*: by an earlier name, its name now."""
    now = answering.get(agency.casefold(), agency).casefold()
    return {now} | {earlier for earlier, later in answering.items() if later.casefold() == now}


def is_among(agency: str, claimant: str) -> bool:
    """Whether *claimant*, "Police and Health" as it may be, is that agency or names it as one of several."""
    return bool(re.search(rf"(?:^|{BESIDE}){re.escape(agency)}(?:{BESIDE}|$)", claimant.casefold().strip()))


def had_link(action: PlannedAction, by: User, claim: ActionEvent) -> bool:
    """Whether *by* had made or been sent a link to the action when it was claimed."""
    theirs = or_(ItemLink.created_by_id == by.id, ItemLink.email == by.email)
    known = select(ItemLink.id).where(ItemLink.action_id == action.id, ItemLink.created_at <= claim.recorded_at, theirs)
    return db.session.scalar(known.limit(1)) is not None


def own_agency(action: PlannedAction, by: User) -> str:
    """Whom somebody acts for: their agency, or else the partnership."""
    agency: Agency | None = by.agency
    return agency.name if agency else action.plan.partnership.name
