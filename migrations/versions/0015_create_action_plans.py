"""Create action plans, from finding to what came of it, and let deadlines belong to their actions."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("monitored_by", sa.String(), nullable=False),
        sa.Column("meets_every", sa.String(), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_plan_case_id")),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_plan_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("case_id", name=op.f("uq_plan_case_id")),
    )
    with op.batch_alter_table("plan") as batch_op:
        batch_op.create_index(op.f("ix_plan_partnership_id"), ["partnership_id"], unique=False)

    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_finding_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    with op.batch_alter_table("finding") as batch_op:
        batch_op.create_index(op.f("ix_finding_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "plan_submission",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_submission_plan_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_plan_submission")),
    )
    with op.batch_alter_table("plan_submission") as batch_op:
        batch_op.create_index(op.f("ix_plan_submission_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "finding_theme",
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_finding_theme_finding_id")),
        sa.PrimaryKeyConstraint("finding_id", "theme", name=op.f("pk_finding_theme")),
    )
    with op.batch_alter_table("finding_theme") as batch_op:
        batch_op.create_index(op.f("ix_finding_theme_theme"), ["theme"], unique=False)

    op.create_table(
        "recommendation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("number_order", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("multi_agency", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_recommendation_finding_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_recommendation_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
    )
    with op.batch_alter_table("recommendation") as batch_op:
        batch_op.create_index(op.f("ix_recommendation_finding_id"), ["finding_id"], unique=False)
        batch_op.create_index(op.f("ix_recommendation_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(op.f("ix_recommendation_scope"), ["scope"], unique=False)

    op.create_table(
        "action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("lead_agency", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("milestones", sa.Text(), nullable=False),
        sa.Column("target_text", sa.Text(), nullable=False),
        sa.Column("target_from", sa.Date(), nullable=True),
        sa.Column("target_to", sa.Date(), nullable=True),
        sa.Column("target_precision", sa.String(), nullable=False),
        sa.Column("target_event", sa.String(), nullable=False),
        sa.Column("target_months", sa.Integer(), nullable=False),
        sa.Column("review_by_on", sa.Date(), nullable=True),
        sa.Column("completed_text", sa.Text(), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column(
            "begun_as",
            sa.Enum(
                "not_started",
                "in_progress",
                "claimed_complete",
                "verified_complete",
                "stopped",
                "superseded",
                name="status",
                native_enum=False,
                length=50,
            ),
            nullable=False,
        ),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "not_started",
                "in_progress",
                "claimed_complete",
                "verified_complete",
                "stopped",
                "superseded",
                name="status",
                native_enum=False,
                length=50,
            ),
            nullable=False,
        ),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("heard_on", sa.Date(), nullable=True),
        sa.Column("claimed_on", sa.Date(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("slips", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_action_agency_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_action_case_id")),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_action_partnership_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_action_plan_id")),
        sa.ForeignKeyConstraint(["recommendation_id"], ["recommendation.id"], name=op.f("fk_action_recommendation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
        sa.UniqueConstraint("plan_id", "position", name=op.f("uq_action_plan_id_position")),
    )
    with op.batch_alter_table("action") as batch_op:
        batch_op.create_index(op.f("ix_action_agency_id_status"), ["agency_id", "status"], unique=False)
        batch_op.create_index(op.f("ix_action_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            op.f("ix_action_partnership_id_status_due_on"), ["partnership_id", "status", "due_on"], unique=False
        )
        batch_op.create_index(op.f("ix_action_recommendation_id"), ["recommendation_id"], unique=False)

    op.create_table(
        "addressee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("response", sa.String(), nullable=False),
        sa.Column("responded_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_addressee_agency_id")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_addressee_recommendation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addressee")),
    )
    with op.batch_alter_table("addressee") as batch_op:
        batch_op.create_index(op.f("ix_addressee_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(op.f("ix_addressee_recommendation_id"), ["recommendation_id"], unique=False)

    op.create_table(
        "action_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "updated",
                "claimed",
                "verified",
                "sent_back",
                "impact_checked",
                "target_moved",
                "stopped",
                "superseded",
                "reopened",
                name="happening",
                native_enum=False,
                length=50,
            ),
            nullable=False,
        ),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("old_target", sa.JSON(), nullable=True),
        sa.Column("new_target", sa.JSON(), nullable=True),
        sa.Column("old_due_on", sa.Date(), nullable=True),
        sa.Column("new_due_on", sa.Date(), nullable=True),
        sa.Column("superseded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_event_action_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_action_event_recorded_by_id")),
        sa.ForeignKeyConstraint(["superseded_by_id"], ["action.id"], name=op.f("fk_action_event_superseded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_event")),
        sa.UniqueConstraint("action_id", "number", name=op.f("uq_action_event_action_id_number")),
    )
    with op.batch_alter_table("action_event") as batch_op:
        batch_op.create_index(op.f("ix_action_event_kind_recorded_at"), ["kind", "recorded_at"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_evidence_action_id")),
        sa.ForeignKeyConstraint(["event_id"], ["action_event.id"], name=op.f("fk_evidence_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence") as batch_op:
        batch_op.create_index(op.f("ix_evidence_action_id"), ["action_id"], unique=False)
        batch_op.create_index(op.f("ix_evidence_event_id"), ["event_id"], unique=False)

    with op.batch_alter_table("deadline") as batch_op:
        batch_op.add_column(sa.Column("action_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("partnership_id", sa.Integer(), nullable=True))
        batch_op.alter_column("case_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_unique_constraint(op.f("uq_deadline_action_id_key"), ["action_id", "key"])
        batch_op.create_foreign_key(op.f("fk_deadline_partnership_id"), "partnership", ["partnership_id"], ["id"])
        batch_op.create_foreign_key(op.f("fk_deadline_action_id"), "action", ["action_id"], ["id"])


def downgrade() -> None:
    op.execute("DELETE FROM deadline WHERE action_id IS NOT NULL")
    with op.batch_alter_table("deadline") as batch_op:
        batch_op.drop_constraint(op.f("fk_deadline_action_id"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_deadline_partnership_id"), type_="foreignkey")
        batch_op.drop_constraint(op.f("uq_deadline_action_id_key"), type_="unique")
        batch_op.alter_column("case_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("partnership_id")
        batch_op.drop_column("action_id")

    op.drop_table("evidence")
    op.drop_table("action_event")
    op.drop_table("addressee")
    op.drop_table("action")
    op.drop_table("recommendation")
    op.drop_table("finding_theme")
    op.drop_table("plan_submission")
    op.drop_table("finding")
    op.drop_table("plan")
