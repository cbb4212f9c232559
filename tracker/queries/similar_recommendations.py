"""Recommendations of other plans that say something like it, by the full-text search of the database in use."""

import re
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, column, func, literal, literal_column, select, table
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from tracker.extensions import db
from tracker.models import search_index
from tracker.models.plans import Plan, Recommendation
from tracker.models.users import User
from tracker.policy import visible_plans

MOST_FOUND = 5
MOST_WORDS = 40  # looked for; a recommendation says what it is about early
WORD = re.compile(r"[^\W_]{3,40}")
# What almost every recommendation says, so that it tells none from another.
SAID_BY_ALL = (
    "about across after against agencies agency all also and any appropriate are been before being between board both "
    "but can community consider could csp does each ensure ensures ensuring every for from had has have how including "
    "into its made make makes may more must need needs not other our out over partner partners partnership practice "
    "process processes put recommend recommendation recommendations recommends relevant review reviewed reviews "
    "safety service services shall should staff such take taken than that the their them then there these they this "
    "those through under undertake use used was what when where whether which who will with within work working would "
)
TELLING_NOTHING = frozenset(SAID_BY_ALL.split())


def similar_recommendations(viewer: User, text: str, *, beside: Plan) -> Sequence[Recommendation]:
    """The recommendations of other plans that *viewer* may see whose words are most like *text*, the likest first.

    Each with its plan, addressees and actions, in three statements. None where *text* has no word that tells.
    """
    if not (words := telling_words(text)):
        return []
    others = Recommendation.plan_id != beside.id, visible_plans(viewer)
    found = ranked(select(Recommendation).join(Recommendation.plan).where(*others), words)
    with_all = (
        contains_eager(Recommendation.plan).options(joinedload(Plan.case), joinedload(Plan.partnership)),
        selectinload(Recommendation.addressees),
        selectinload(Recommendation.actions),
    )
    return db.session.scalars(found.limit(MOST_FOUND).options(*with_all)).all()


def telling_words(text: str) -> list[str]:
    """The words to look for: letters and figures alone, so that nothing typed is taken for a search's own signs."""
    words = dict.fromkeys(WORD.findall(text.casefold()))
    return [word for word in words if word not in TELLING_NOTHING][:MOST_WORDS]


def ranked(query: Select[Recommendation], words: Sequence[str]) -> Select[Recommendation]:
    """Those of *query* that have any of *words* or of their forms (train, trained, training), the likest first."""
    if db.session.get_bind().dialect.name == "sqlite":
        index = table(search_index.TABLE, column("rowid"), column("rank"))
        wanted = " OR ".join(f'"{word}"' for word in words)
        matches = literal_column(search_index.TABLE).op("MATCH")(wanted)
        return query.join(index, index.c.rowid == Recommendation.id).where(matches).order_by(index.c.rank)
    english: ColumnElement[str] = literal_column("'english'")  # as the index has it: a parameter would not use it
    vector = func.to_tsvector(english, Recommendation.text)
    wanted_any = func.to_tsquery(english, literal(" | ".join(f"'{word}'" for word in words)))
    return query.where(vector.op("@@")(wanted_any)).order_by(func.ts_rank(vector, wanted_any).desc(), Recommendation.id)
