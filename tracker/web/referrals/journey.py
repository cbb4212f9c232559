"""Where somebody is on their way through the pages of a draft."""

from flask import url_for

from tracker.errors import NotFound
from tracker.models.drafts import EDITION, Draft
from tracker.models.editions import editions_offered
from tracker.procedures.referral_pages import Asks, ReferralPage
from tracker.procedures.referrals import Referral, pages_of, referral_of, referred_on

THE_LAW = ReferralPage(
    EDITION,
    "The law",
    Asks.EDITION,
    hint="It was received near the day on which a new law begins here. The case keeps the law it is referred under.",
)
CHECK = "check"  # the page after all pages


class Journey:
    """The pages of a draft in their order, and the addresses that lead from one to the next."""

    def __init__(self, draft: Draft) -> None:
        self.draft, self.procedure = draft, draft.procedure
        self.on = referred_on(self.procedure, draft.answers)
        self.offered = [self.procedure]
        if self.on:
            self.offered = editions_offered(draft.case_type, self.on, draft.partnership_id)
        self.pages = [each for page in pages_of(self.procedure) for each in self.with_edition(page)]

    def with_edition(self, page: ReferralPage) -> list[ReferralPage]:
        """The page, and after the day of the referral the choice of an edition, where there is one."""
        asked = page.dated and len(self.offered) > 1
        return [page, THE_LAW] if asked else [page]

    @property
    def referral(self) -> Referral:
        """What is answered so far. Raises NotFound before the day of the referral is."""
        found = referral_of(self.procedure, self.draft.answers)
        if found is None:
            raise NotFound
        return found

    @property
    def to_answer(self) -> ReferralPage | None:
        """The first page that was neither answered nor left for later."""
        return next((page for page in self.pages if not self.is_done(page)), None)

    def is_done(self, page: ReferralPage) -> bool:
        return bool(self.draft.edition) if page.asks is Asks.EDITION else page.key in self.draft.answers

    def is_answered(self, page: ReferralPage) -> bool:
        """Whether it is done otherwise than by being left for later."""
        return bool(self.draft.answers.get(page.key))

    @property
    def done(self) -> list[ReferralPage]:
        return [page for page in self.pages if self.is_done(page)]

    def is_open(self, page: ReferralPage) -> bool:
        """Whether the page may be asked: all before it are done."""
        return self.to_answer is None or self.pages.index(page) <= self.pages.index(self.to_answer)

    def page(self, key: str) -> ReferralPage:
        """The page of that key. Raises NotFound."""
        found = next((page for page in self.pages if page.key == key), None)
        if found is None:
            raise NotFound
        return found

    def progress(self, page: ReferralPage) -> str:
        return f"Question {self.pages.index(page) + 1} of {len(self.pages)}"

    def address(self, key: str = "", *, changing: bool = False) -> str:
        """Of a page by its key; without one, of all the questions. `changing`: it is opened from the check."""
        if not key:
            return url_for("referrals.resume", key=self.draft.key)
        return url_for("referrals.ask", key=self.draft.key, page=key, changing="yes" if changing else None)

    def before(self, page: ReferralPage) -> str:
        """The address of the page before."""
        place = self.pages.index(page)
        return self.address(self.pages[place - 1].key) if place else self.address()

    def after(self, page: ReferralPage) -> str:
        """The address of the page after; of the check, once there is nothing left to answer."""
        later = self.pages[self.pages.index(page) + 1 :]
        if self.to_answer is None or not later:
            return self.onward
        return self.address(later[0].key)

    @property
    def onward(self) -> str:
        """The address of what is to be answered next, or else of the check."""
        return self.address(self.to_answer.key if self.to_answer else CHECK)
