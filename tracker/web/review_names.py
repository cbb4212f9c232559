"""What pages call each kind of review: as the partnership of whoever reads them says, else as the law does."""

from flask import Flask
from flask_login import current_user

from tracker import clock
from tracker.models.partnerships import LABEL
from tracker.models.users import User
from tracker.procedures import editions_of
from tracker.procedures.vocabulary import Procedure, uncapitalised


def label_of(case_type: str, partnership_id: int | None) -> str:
    """The local setting `dhr.label` of that partnership, or of any that the reader works in; empty where none is set.

    It was read with whoever signed in, so it costs no statement.
    """
    user = current_user._get_current_object()
    if isinstance(user, User):
        for held in user.memberships:
            if partnership_id in (None, held.partnership_id):
                label = held.partnership.page_setting(f"{case_type}.{LABEL}", clock.today())
                if isinstance(label, str) and label:
                    return label
    return ""


def titled(case_type: str, partnership_id: int | None = None) -> str:
    """A kind of review in full, whatever its editions: "Domestic homicide review"."""
    return label_of(case_type, partnership_id) or editions_of(case_type)[0].title


def review_title(procedure: Procedure, partnership_id: int | None = None) -> str:
    """The kind of review that a case is, in full."""
    return label_of(procedure.case_type, partnership_id) or procedure.title


def review_kind(procedure: Procedure, partnership_id: int | None = None) -> str:
    """The same in short, for lists: without "review" at its end."""
    label = label_of(procedure.case_type, partnership_id)
    return label.removesuffix(" review") or procedure.short_title


def register(app: Flask) -> None:
    """Makes both known to every template, and `uncapitalised` for the middle of a sentence."""
    app.add_template_global(review_title)
    app.add_template_global(review_kind)
    app.add_template_filter(uncapitalised)
