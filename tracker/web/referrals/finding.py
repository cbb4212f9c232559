"""What an address of a referral names: the viewer's own draft, or the case it has become."""

from collections.abc import Sequence

from tracker.errors import NotFound, NotPermitted
from tracker.models.drafts import Draft
from tracker.models.partnerships import Partnership
from tracker.policy import Action
from tracker.queries.drafts import find_draft, logged_as
from tracker.queries.partnerships import partnerships_granting
from tracker.web.access import signed_in
from tracker.web.referrals.journey import Journey


class AlreadyLogged(Exception):
    """This referral was logged"""

    def __init__(self, reference: str) -> None:
        """*reference*: of the case it has become."""
        super().__init__(reference)
        self.reference = reference


def draft_or_404(key: str) -> Draft:
    """The draft at this address. Raises AlreadyLogged where it has become a case, else NotFound."""
    draft = find_draft(signed_in(), key)
    if draft is None:
        if reference := logged_as(signed_in(), key):
            raise AlreadyLogged(reference)
        raise NotFound
    return draft


def journey_or_404(key: str) -> Journey:
    return Journey(draft_or_404(key))


def loggable_partnerships() -> Sequence[Partnership]:
    """Where this person may log a referral."""
    partnerships = partnerships_granting(signed_in(), Action.LOG_REFERRAL)
    if not partnerships:
        raise NotPermitted
    return partnerships
