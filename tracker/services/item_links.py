"""Links that open one item to somebody without an account: made, opened, watched and ended."""

import re
from datetime import timedelta

from sqlalchemy import and_, delete, func, insert, select

from tracker import clock
from tracker.errors import Refused
from tracker.extensions import db, writes
from tracker.models.cases import Deadline
from tracker.models.item_links import ItemLink, ItemLinkUse, LinkAsk
from tracker.models.users import User, normalised_email
from tracker.policy import Action, ensure
from tracker.procedures.reckoning import OPEN
from tracker.services.addresses import checked_email
from tracker.services.use_case import use_case
from tracker.tokens import digest, new_token

LASTS = 14  # days, unless its maker says otherwise
LONGEST = 90  # days
MOST_BROWSERS = 3  # one person at work, at home and on a telephone; more is a link that was passed on
MOST_USES = 60  # an hour
MOST_ASKS = 3  # new links for one address in a day
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@use_case
def make_item_link(request: Deadline, *, by: User, email: str, days: int = LASTS) -> str:
    """The token of a new link to one request, in place of any before it for that address. It is known only now.

    Raises:
        NotPermitted: *by* may not record on the case. Refused: no address, a wrong time, or an answered request.
    """
    ensure(by, Action.RECORD_STEP, request.case)
    if request.state != OPEN:
        raise Refused("This request is answered, so nothing is left to open")
    if not 1 <= days <= LONGEST:
        raise Refused(f"The link must work for 1 to {LONGEST} days", field="days")
    address = checked_email(email)
    end_links(request, address)
    token = new_token()
    link = ItemLink(
        token_hash=digest(token),
        partnership_id=request.case.partnership_id,
        case_id=request.case_id,
        key=request.key,
        subject=request.subject,
        email=address,
        created_by_id=by.id,
        expires_at=clock.now() + timedelta(days=days),
    )
    db.session.add(link)
    return token


@use_case
def revoke_item_link(link: ItemLink, *, by: User) -> None:
    """End a link at once.

    Raises:
        NotPermitted: *by* may not record on its case.
    """
    ensure(by, Action.RECORD_STEP, link.case, within=link.partnership_id)
    link.revoked_at = link.revoked_at or clock.now()


def end_links(request: Deadline, address: str) -> None:
    """End the links of one address to a request, and forget that a new one was asked for."""
    earlier = select(ItemLink).where(
        ItemLink.case_id == request.case_id,
        ItemLink.key == request.key,
        ItemLink.subject == request.subject,
        ItemLink.email == address,
    )
    for link in db.session.scalars(earlier):
        link.revoked_at = link.revoked_at or clock.now()
        link.asked_again_at = None


def is_working(link: ItemLink) -> bool:
    """Whether a link may still open its item: not ended, not used up, not too old."""
    return link.revoked_at is None and link.used_up_at is None and link.expires_at > clock.now()


def open_item(token: str, browser: str, *, new_browser: bool = False) -> ItemLink | None:
    """The link of that token, if it works and *browser* may use it. Each use is kept; one too many opens nothing.

    Args:
        browser: what this browser was given to be known by. *new_browser*: it asks to be let in.
    """
    if not TOKEN.fullmatch(token):
        return None
    with writes():
        # One after the other: of several at once, the last sees what the others used.
        link = db.session.scalar(select(ItemLink).where(ItemLink.token_hash == digest(token)).with_for_update())
        if link is None or not is_working(link) or not may_use(link, digest(browser), new_browser):
            db.session.rollback()
            return None
        db.session.execute(insert(ItemLinkUse).values(link_id=link.id, browser=digest(browser), at=clock.now()))
        db.session.commit()
    return link


def may_use(link: ItemLink, browser: str, new_browser: bool) -> bool:
    """Whether that browser is known to the link, or may become so, and the link is not used too often."""
    of_link = ItemLinkUse.link_id == link.id
    hour = clock.now() - timedelta(hours=1)
    recent = db.session.scalar(select(func.count()).where(of_link, ItemLinkUse.at > hour)) or 0
    known = set(db.session.scalars(select(ItemLinkUse.browser).where(of_link).distinct()))
    allowed = browser in known or (new_browser and len(known) < MOST_BROWSERS)
    return allowed and recent < MOST_USES


def is_link(token: str) -> bool:
    """Whether there is a link of that token that works, whoever may use it."""
    if not TOKEN.fullmatch(token):
        return False
    link = db.session.scalar(select(ItemLink).where(ItemLink.token_hash == digest(token)))
    return link is not None and is_working(link)


def ask_for_link(email: str) -> None:
    """Note that somebody wants a new link, for those who send them. Says nothing of whether there ever was one.

    Not audited: anybody may ask. More than three a day for one address change nothing.

    Raises:
        Refused: it is no address.
    """
    address = checked_email(email)
    since = clock.now() - timedelta(days=1)
    with writes():
        db.session.execute(delete(LinkAsk).where(LinkAsk.at <= since).execution_options(synchronize_session=False))
        asked = select(func.count()).where(and_(LinkAsk.email_hash == digest(address), LinkAsk.at > since))
        if (db.session.scalar(asked) or 0) < MOST_ASKS:
            db.session.add(LinkAsk(email_hash=digest(address)))
            for link in latest_links(address):
                link.asked_again_at = clock.now()
        db.session.commit()


def latest_links(address: str) -> list[ItemLink]:
    """The last link of that address to each request that still waits for an answer."""
    last = select(func.max(ItemLink.id)).where(
        ItemLink.email == normalised_email(address), ItemLink.used_up_at.is_(None)
    )
    by_item = last.group_by(ItemLink.case_id, ItemLink.key, ItemLink.subject)
    open_still = (
        select(Deadline.id)
        .where(
            Deadline.case_id == ItemLink.case_id,
            Deadline.key == ItemLink.key,
            Deadline.subject == ItemLink.subject,
            Deadline.state == OPEN,
        )
        .correlate(ItemLink)
        .exists()
    )
    return list(db.session.scalars(select(ItemLink).where(ItemLink.id.in_(by_item), open_still)))
