"""Index the words of recommendations, so that similar earlier ones are found."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# The index holds no copy of the text: what it takes out again it must be told in the words that it was given.
ADD = "INSERT INTO recommendation_words (rowid, text) VALUES (NEW.id, NEW.text);"
REMOVE = "INSERT INTO recommendation_words (recommendation_words, rowid, text) VALUES ('delete', OLD.id, OLD.text);"
SQLITE = (
    """CREATE VIRTUAL TABLE recommendation_words
       USING fts5(text, content = 'recommendation', content_rowid = 'id', tokenize = 'porter unicode61')""",
    f"CREATE TRIGGER recommendation_words_added AFTER INSERT ON recommendation BEGIN {ADD} END",
    f"CREATE TRIGGER recommendation_words_changed AFTER UPDATE ON recommendation BEGIN {REMOVE} {ADD} END",
    f"CREATE TRIGGER recommendation_words_removed AFTER DELETE ON recommendation BEGIN {REMOVE} END",
    "INSERT INTO recommendation_words (recommendation_words) VALUES ('rebuild')",
)
POSTGRESQL = ("CREATE INDEX ix_recommendation_words ON recommendation USING gin (to_tsvector('english', text))",)


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for trigger in ("added", "changed", "removed"):
            op.execute(f"DROP TRIGGER recommendation_words_{trigger}")
        op.execute("DROP TABLE recommendation_words")
    else:
        op.execute("DROP INDEX ix_recommendation_words")
