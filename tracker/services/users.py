"""Users: who they are, the roles they hold, and how they come by a password."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, select, update

from tracker import clock
from tracker.errors import NotFound, NotPermitted, Refused
from tracker.extensions import db, reads
from tracker.models.item_links import ItemLink
from tracker.models.partnerships import Partnership
from tracker.models.users import Membership, PasswordLink, Role, User, UserSession
from tracker.policy import Action, ensure, may
from tracker.services import passwords
from tracker.services.addresses import checked_email
from tracker.services.agencies import agency_answering
from tracker.services.item_links import end_links
from tracker.services.partnerships import checked_name
from tracker.services.use_case import use_case
from tracker.tokens import digest, new_token

LINK_LASTS = timedelta(days=7)


@use_case
def add_user(
    partnership: Partnership, *, by: User | None, email: str, role: Role, name: str = "", agency: str = ""
) -> tuple[User, str]:
    """Somebody's role in a partnership, and the token of a one-time link to choose a password.

    A person already known by that address keeps name, agency and other roles and gains this one. An agency not yet
    known is added. There is no token, but an empty text, for somebody who has a password, or who belongs to a
    partnership whose users *by* does not manage.

    Raises:
        NotPermitted: *by* does not manage the partnership's users.
        Refused: the address is malformed, the person is disabled or speaks for another agency, holds the role already,
            or is to be a partner without an agency.
    """
    ensure(by, Action.MANAGE_USERS, within=partnership.id)
    email = checked_email(email)
    user = db.session.scalar(select(User).where(User.email == email))
    if user is None:
        user = User(email=email, name=checked_name(name or email), memberships=[])
        db.session.add(user)
    if not user.is_active:
        raise Refused(f"{email} is disabled", field="email")
    if role in user.roles_in(partnership.id):
        raise Refused(f"{email} is already {role} in {partnership.name}", field="role")
    if agency and user.agency is None:
        user.agency = agency_answering(partnership, agency)
    elif agency and user.agency is not None and user.agency.name != agency.strip():
        raise Refused(f"{email} already speaks for {user.agency.name}", field="agency")
    if role == Role.PARTNER and user.agency is None:
        raise Refused("Name the agency that the partner contact speaks for", field="agency")
    needs_link = user.password_hash is None and all(may_manage(by, held.partnership_id) for held in user.memberships)
    user.memberships.append(Membership(partnership_id=partnership.id, role=role))
    db.session.flush()
    return user, new_link(user) if needs_link else ""


@use_case
def remove_role(user: User, *, by: User | None, partnership: Partnership, role: Role) -> None:
    """Takes a role away, from the person's next request on; with a partner's go the links they were sent.

    Raises:
        NotPermitted: *by* does not manage the partnership's users.
        Refused: the role is not held, is *by*'s own, or nobody else would be administrator.
    """
    ensure(by, Action.MANAGE_USERS, within=partnership.id)
    if by is not None and by.id == user.id and role == Role.ADMINISTRATOR:
        raise Refused("You cannot take your own administrator role away", field="role")
    held = [held for held in user.memberships if (held.partnership_id, held.role) == (partnership.id, role)]
    if not held:
        raise Refused(f"{user.email} is not {role} in {partnership.name}", field="role")
    if role == Role.ADMINISTRATOR:
        refuse_last_administrator(user, [partnership.id])
    user.memberships.remove(held[0])
    if role == Role.PARTNER:
        end_links(ItemLink.email == user.email, ItemLink.partnership_id == partnership.id)


@use_case
def make_new_link(user: User, *, by: User | None) -> str:
    """The token of a one-time link to choose a new password; earlier links stop working.

    Raises:
        NotPermitted, NotFound: as `ensure_manages`.
    """
    ensure_manages(by, user)
    return new_link(user)


@use_case
def disable_user(user: User, *, by: User | None) -> None:
    """Ends somebody's access, everywhere and at once: roles stay recorded, sessions and links sent to them end.

    Raises:
        NotPermitted, NotFound: as `ensure_manages`.
        Refused: *by* and *user* are the same, or nobody else would be administrator.
    """
    ensure_manages(by, user)
    if by is not None and by.id == user.id:
        raise Refused("You cannot disable yourself")
    refuse_last_administrator(
        user, [held.partnership_id for held in user.memberships if held.role == Role.ADMINISTRATOR]
    )
    user.disabled_at = clock.now()
    end_sessions(user)
    use_up_links(user)
    end_links(ItemLink.email == user.email)


@use_case
def enable_user(user: User, *, by: User | None) -> None:
    """Gives somebody back the access that was ended.

    Raises:
        NotPermitted, NotFound: as `ensure_manages`.
    """
    ensure_manages(by, user)
    user.disabled_at = None


def choose_password(token: str, password: str) -> None:
    """Gives the owner of a one-time link this password. Hashing takes a while, so no transaction is open meanwhile.

    Raises:
        NotFound: there is no such link, it was used, or is too old.
        Refused: the password is too easy to guess.
    """
    with reads():
        owner = owner_of_link(token)
        known = (owner.id, owner.email) if owner else None
        db.session.rollback()
    if known is None:
        raise NotFound
    passwords.refuse_weak(password, email=known[1])
    password_hash = passwords.hashed(password)
    user = db.session.get_one(User, known[0])
    set_password(user, by=user, token=token, password_hash=password_hash)


@use_case
def set_password(user: User, *, by: User, token: str, password_hash: str) -> None:
    """Uses up a one-time link: *user* has this password from now on, and every session of theirs ends.

    Raises:
        NotFound: the link is not theirs, was used, or is too old.
    """
    # Claimed in one statement, so that of two people with the same link one is refused.
    claim = update(PasswordLink).where(works(token), PasswordLink.user_id == user.id).values(used_at=clock.now())
    claimed = db.session.scalar(claim.returning(PasswordLink.id).execution_options(synchronize_session=False))
    if claimed is None or not user.is_active:
        raise NotFound
    user.password_hash = password_hash
    use_up_links(user)
    end_sessions(user)


def owner_of_link(token: str) -> User | None:
    """Whose one-time link this is, while it works."""
    return db.session.scalar(
        select(User).join(PasswordLink, PasswordLink.user_id == User.id).where(works(token), User.disabled_at.is_(None))
    )


def works(token: str) -> ColumnElement[bool]:
    """The condition on a link that it has this token and has neither been used nor grown too old."""
    return and_(
        PasswordLink.token_hash == digest(token),
        PasswordLink.used_at.is_(None),
        PasswordLink.expires_at > clock.now(),
    )


def ensure_manages(by: User | None, user: User) -> None:
    """Lets pass whoever manages the users of every partnership that *user* belongs to.

    All of them: otherwise the administrator of one could take over an account that reaches into another.

    Raises:
        NotFound: *user* belongs to no partnership that *by* manages.
        NotPermitted: *user* belongs to another partnership as well.
    """
    managed = [may_manage(by, held.partnership_id) for held in user.memberships]
    if by is not None and not any(managed):
        raise NotFound
    if not all(managed):
        raise NotPermitted(f"{user.email} also belongs to a partnership that you do not manage")


def may_manage(by: User | None, partnership_id: int) -> bool:
    """Whether *by*, or the operator, manages a partnership's users."""
    return by is None or may(by, Action.MANAGE_USERS, within=partnership_id)


def refuse_last_administrator(user: User, partnership_ids: Iterable[int]) -> None:
    """Raises Refused where a partnership would be left without an administrator who may sign in."""
    for number in sorted(partnership_ids):
        # Held until the end, so that two administrators do not take each other's role at the same moment.
        name = db.session.scalar(select(Partnership.name).where(Partnership.id == number).with_for_update())
        others = (
            select(User.id)
            .join(User.memberships)
            .where(
                Membership.partnership_id == number,
                Membership.role == Role.ADMINISTRATOR,
                User.id != user.id,
                User.disabled_at.is_(None),
            )
        )
        if db.session.scalar(others.limit(1)) is None:
            raise Refused(f"{name} would be left without an administrator: give somebody else the role first")


def new_link(user: User) -> str:
    """The token of a new one-time link, in place of any before it."""
    use_up_links(user)
    token = new_token()
    db.session.add(PasswordLink(token_hash=digest(token), user_id=user.id, expires_at=clock.now() + LINK_LASTS))
    return token


def use_up_links(user: User) -> None:
    """Makes every link of theirs useless."""
    unused = update(PasswordLink).where(PasswordLink.user_id == user.id, PasswordLink.used_at.is_(None))
    db.session.execute(unused.values(used_at=clock.now()).execution_options(synchronize_session=False))


def end_sessions(user: User) -> None:
    """Ends every session of theirs."""
    running = update(UserSession).where(UserSession.user_id == user.id, UserSession.ended_at.is_(None))
    db.session.execute(running.values(ended_at=clock.now()).execution_options(synchronize_session=False))
