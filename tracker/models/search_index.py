"""The full-text index of what recommendations say. The database keeps it; a migration made it.

SQLite has a table of FTS5's kept by triggers, with tables of FTS5's own behind it; PostgreSQL has an index. Neither is
in the models, so comparing those with a database leaves both out.
"""

TABLE = "recommendation_words"
BEHIND = frozenset(f"{TABLE}_{part}" for part in ("config", "data", "docsize", "idx"))
INDEX = f"ix_{TABLE}"


def is_of_search_index(name: str | None) -> bool:
    """Whether a table or an index of that name belongs to the full-text index."""
    return name in {TABLE, INDEX} or name in BEHIND
