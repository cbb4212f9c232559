"""Links that open one item to somebody without an account: made, opened, watched and ended."""

import re
from datetime import timedelta

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, or_, select, update

from tracker import clock
from tracker.emails import tell
from tracker.errors import NotFound, Refused
from tracker.extensions import db, writes
from tracker.models.cases import Case, Deadline
from tracker.models.item_links import Item, ItemLink, ItemLinkUse, LinkAsk, about
from tracker.models.plans import PlannedAction
from tracker.models.users import User, normalised_email
from tracker.policy import Action, ensure, visible_actions, visible_requests
from tracker.procedures.plan_status import LIVE
from tracker.procedures.reckoning import OPEN
from tracker.services.addresses import checked_email
from tracker.services.use_case import use_case
from tracker.tokens import digest, new_token, signed_token

LASTS = 14  # days, unless its maker says otherwise
LONGEST = 90  # days
MOST_BROWSERS = 3  # one person at work, at home and on a telephone; more is a link that was passed on
MOST_USES = 60  # an hour
MOST_ASKS = 3  # new links for one address in a day
MOST_RENEWALS = 5  # in a row: whoever needs more is known to nobody here, so somebody here sends the next
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@use_case
def make_item_link(item: Item, *, by: User, email: str, days: int = LASTS) -> str:
    """The token of a new link to one item, in place of any before it for that address, which is sent it.

    Raises:
        NotPermitted: *by* may not record on the case, or keep the plan.
        Refused: no address, a wrong time, or an item that waits for nothing more.
    """
    ensure_runs(by, item)
    if not is_waiting(item):
        raise Refused("This waits for nothing more, so nothing is left to open")
    if not 1 <= days <= LONGEST:
        raise Refused(f"The link must work for 1 to {LONGEST} days", field="days")
    address = checked_email(email)
    for earlier in db.session.scalars(select(ItemLink).where(about(ItemLink, item), ItemLink.email == address)):
        end(earlier)
    return send_link(address, days, created_by_id=by.id, **place(item))


@use_case
def renew_item_link(link: ItemLink, *, by: User | None) -> None:
    """Send a new link in place of one that ran out or was passed on, to the same address and nowhere else."""
    end(link)
    columns = ("partnership_id", "case_id", "action_id", "key", "subject", "created_by_id")
    send_link(link.email, LASTS, renewals=link.renewals + 1, **{column: getattr(link, column) for column in columns})


def send_link(address: str, days: int, **columns: object) -> str:
    """A new link and the mail that carries it, in the open transaction. The mail is made from the seed as it goes."""
    seed = new_token()
    token = signed_token(seed, str(current_app.secret_key))
    expires_at = clock.now() + timedelta(days=days)
    link = ItemLink(token_hash=digest(token), email=address, expires_at=expires_at, **columns)
    db.session.add(link)
    db.session.flush()
    reference = link.case.reference if link.case else "Partnership plan"
    tell("item_link", to=[address], partnership_id=link.partnership_id, reference=reference, seed=seed)
    return token


def end(link: ItemLink) -> None:
    link.revoked_at = link.revoked_at or clock.now()
    link.asked_again_at = None


def end_links(*which: ColumnElement[bool]) -> None:
    """End every link that meets these conditions, in the open transaction."""
    for link in db.session.scalars(select(ItemLink).where(*which, ItemLink.revoked_at.is_(None))):
        end(link)


@use_case
def revoke_item_link(link: ItemLink, *, by: User) -> None:
    """End a link at once.

    Raises:
        NotPermitted: *by* may not record on its case, or keep its plan.
    """
    action = Action.KEEP_PLAN if link.action_id else Action.RECORD_STEP
    ensure(by, action, link.case, within=link.partnership_id)
    link.revoked_at = link.revoked_at or clock.now()


# -- What an item is -------------------------------------------------------------------------------------------------


def place(item: Item) -> dict[str, object]:
    """The columns of a link, or of a wish for more time, that say what it is about."""
    if isinstance(item, PlannedAction):
        return {"partnership_id": item.partnership_id, "case_id": item.case_id, "action_id": item.id}
    case = item.case
    if case is None:
        raise NotFound
    return {"partnership_id": case.partnership_id, "case_id": case.id, "key": item.key, "subject": item.subject}


def is_waiting(item: Item) -> bool:
    """Whether anything may still be said of it by its agency."""
    return item.status in LIVE if isinstance(item, PlannedAction) else item.state == OPEN


def ensure_runs(by: User, item: Item) -> None:
    """Lets pass whoever may record on the case of a request, or keeps the plan of an action."""
    if isinstance(item, PlannedAction):
        ensure(by, Action.KEEP_PLAN, item.case, within=item.partnership_id)
    else:
        ensure(by, Action.RECORD_STEP, item.case)


def ensure_opens(item: Item, by: User | None, link: ItemLink | None) -> None:
    """Lets pass a contact of the agency it is for, or the link that was made for it.

    Raises:
        NotFound: neither; or it waits for nothing more.
    """
    if link is not None:
        found = db.session.scalar(select(ItemLink.id).where(ItemLink.id == link.id, about(ItemLink, item)))
        opens = found is not None and is_working(link)
    else:
        opens = by is not None and db.session.scalar(own(item, by)) is not None
    if not opens or not is_waiting(item):
        raise NotFound


def own(item: Item, viewer: User) -> Select[int]:
    """The query that finds the item, if it is for the agency that *viewer* speaks for."""
    if isinstance(item, PlannedAction):
        return select(PlannedAction.id).where(PlannedAction.id == item.id, visible_actions(viewer))
    joined = select(Deadline.id).join(Case, Case.id == Deadline.case_id)
    return joined.where(Deadline.id == item.id, visible_requests(viewer))


# -- Using a link ----------------------------------------------------------------------------------------------------


def is_working(link: ItemLink) -> bool:
    """Whether a link may still open its item: not ended, not used up, not too old."""
    return link.revoked_at is None and link.used_up_at is None and link.expires_at > clock.now()


def use_up(link: ItemLink) -> None:
    """Ends a link with the one answer that it is for.

    Raises:
        NotFound: another answer by it came first, in another window at the same moment.
    """
    unused = update(ItemLink).where(ItemLink.id == link.id, ItemLink.used_up_at.is_(None))
    used = db.session.execute(unused.values(used_up_at=clock.now()).execution_options(synchronize_session=False))
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound


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
    """Send a new link to an address that had one to something that still waits. Says nothing of whether it had.

    One that somebody ended is not renewed, nor one that was renewed MOST_RENEWALS times: that it is asked for shows to
    those who send them, and they are told once. More than three asks a day for one address change nothing.

    Raises:
        Refused: it is no address.
    """
    address = checked_email(email)
    since = clock.now() - timedelta(days=1)
    wanted: list[ItemLink] = []
    with writes():
        db.session.execute(delete(LinkAsk).where(LinkAsk.at <= since).execution_options(synchronize_session=False))
        asked = select(func.count()).where(and_(LinkAsk.email_hash == digest(address), LinkAsk.at > since))
        if (db.session.scalar(asked) or 0) < MOST_ASKS:
            db.session.add(LinkAsk(email_hash=digest(address)))
            wanted = latest_links(address)
        renewed = [link.id for link in wanted if link.revoked_at is None and link.renewals < MOST_RENEWALS]
        for link in wanted:
            if link.id not in renewed and link.asked_again_at is None:
                tell_of_wish(link)
            link.asked_again_at = clock.now()
        db.session.commit()
    for number in renewed:
        renew_item_link(db.session.get_one(ItemLink, number), by=None)


def tell_of_wish(link: ItemLink) -> None:
    """Tells whoever made a link, or leads its case, that a new one is asked for, in the open transaction."""
    case, maker = link.case, link.created_by
    person = maker if maker and maker.is_active else case and case.lead
    if person:
        of_action = f"/requests/actions/{link.action_id}"
        href = of_action if case is None or link.action_id else f"/cases/{case.reference}/requests"
        within = link.partnership_id
        tell("new_link_asked", to=[person], case=case, partnership_id=within, reference="Partnership plan", href=href)


def latest_links(address: str) -> list[ItemLink]:
    """The last link of that address to each item that still waits for something."""
    of_address = (ItemLink.email == normalised_email(address), ItemLink.used_up_at.is_(None))
    by_item = (ItemLink.case_id, ItemLink.key, ItemLink.subject, ItemLink.action_id)
    same = (Deadline.case_id == ItemLink.case_id, Deadline.key == ItemLink.key, Deadline.subject == ItemLink.subject)
    waiting = or_(
        select(Deadline.id).where(*same, Deadline.state == OPEN).correlate(ItemLink).exists(),
        ItemLink.action_id.in_(select(PlannedAction.id).where(PlannedAction.status.in_(LIVE))),
    )
    last = select(func.max(ItemLink.id)).where(*of_address).group_by(*by_item)
    return list(db.session.scalars(select(ItemLink).where(ItemLink.id.in_(last), waiting)))
