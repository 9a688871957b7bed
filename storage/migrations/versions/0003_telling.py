"""What is told, and how: stories, deadlines, states, silences, threads, decisions, batches."""

import sqlalchemy as sa
from alembic import op

from storage.columns import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Widen alerts and deliveries, and create the tables of what is told."""
    op.add_column("captures", sa.Column("dropped_at", UtcDateTime(), nullable=True))
    _widen_alerts()
    _widen_deliveries()
    _create_threads_and_silences()
    _create_stories()
    _create_deadlines_and_statuses()


def _widen_alerts() -> None:
    op.add_column("alerts", sa.Column("thread", sa.Text(), nullable=True))
    op.add_column("alerts", sa.Column("decisions", sa.JSON(), nullable=True))
    op.add_column("alerts", sa.Column("resolved_at", UtcDateTime(), nullable=True))
    op.execute("UPDATE alerts SET thread = subject, decisions = '[]'")
    with op.batch_alter_table("alerts") as alerts:
        alerts.alter_column("thread", existing_type=sa.Text(), nullable=False)
        alerts.alter_column("decisions", existing_type=sa.JSON(), nullable=False)
        alerts.create_index(op.f("ix_alerts_thread"), ["thread"])


def _widen_deliveries() -> None:
    op.add_column("deliveries", sa.Column("kind", sa.String(length=20), nullable=True))
    op.add_column("deliveries", sa.Column("ordinal", sa.Integer(), nullable=True))
    op.add_column("deliveries", sa.Column("group_key", sa.Text(), nullable=True))
    op.add_column("deliveries", sa.Column("batch", BIG_ID, nullable=True))
    op.execute("UPDATE deliveries SET kind = 'alert', ordinal = 0, group_key = ''")
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.alter_column("kind", existing_type=sa.String(length=20), nullable=False)
        deliveries.alter_column("ordinal", existing_type=sa.Integer(), nullable=False)
        deliveries.alter_column("group_key", existing_type=sa.Text(), nullable=False)
        deliveries.drop_constraint(op.f("uq_deliveries_alert_id_channel"), type_="unique")
        deliveries.create_unique_constraint(
            op.f("uq_deliveries_alert_id_channel_kind_ordinal"),
            ["alert_id", "channel", "kind", "ordinal"],
        )
        deliveries.create_index(op.f("ix_deliveries_batch"), ["batch"])
        deliveries.create_index(op.f("ix_deliveries_group_key"), ["group_key"])


def _create_threads_and_silences() -> None:
    op.create_table(
        "threads",
        sa.Column("channel", sa.String(length=100), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("alert_id", BIG_ID, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_threads_alert_id")),
        sa.PrimaryKeyConstraint("channel", "thread", name=op.f("pk_threads")),
    )
    op.create_table(
        "silences",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("rule", sa.String(length=100), nullable=False),
        sa.Column("topic", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silences")),
    )


def _create_stories() -> None:
    op.create_table(
        "stories",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
    )
    op.create_index(op.f("ix_stories_made_at"), "stories", ["made_at"])
    op.create_index(op.f("ix_stories_last_at"), "stories", ["last_at"])
    op.create_table(
        "story_items",
        sa.Column("item_id", BIG_ID, nullable=False),
        sa.Column("story_id", BIG_ID, nullable=False),
        sa.Column("revision_id", BIG_ID, nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.Column("minhash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_story_items_item_id")),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_story_items_story_id")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_story_items_revision_id")
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_story_items")),
    )
    op.create_index(op.f("ix_story_items_story_id"), "story_items", ["story_id"])
    op.create_index(op.f("ix_story_items_joined_at"), "story_items", ["joined_at"])
    op.create_index(op.f("ix_story_items_told_at"), "story_items", ["told_at"])
    op.create_table(
        "story_bands",
        sa.Column("week", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("band", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_story_bands_item_id")),
        sa.PrimaryKeyConstraint("week", "band", "item_id", name=op.f("pk_story_bands")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "story_splits",
        sa.Column("item_id", BIG_ID, nullable=False),
        sa.Column("story_id", BIG_ID, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_story_splits_item_id")),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_story_splits_story_id")
        ),
        sa.PrimaryKeyConstraint("item_id", "story_id", name=op.f("pk_story_splits")),
    )


def _create_deadlines_and_statuses() -> None:
    op.create_table(
        "deadlines",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("by_instrument", sa.Text(), nullable=False),
        *_evidence("deadlines"),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.Column("gone_at", UtcDateTime(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadlines")),
        sa.UniqueConstraint(
            "item_id",
            "instrument",
            "kind",
            "on_date",
            "place",
            name=op.f("uq_deadlines_item_id_instrument_kind_on_date_place"),
        ),
    )
    op.create_index(op.f("ix_deadlines_instrument"), "deadlines", ["instrument"])
    op.create_index(op.f("ix_deadlines_on_date"), "deadlines", ["on_date"])
    op.create_table(
        "statuses",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("by_instrument", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        *_evidence("statuses"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statuses")),
    )
    op.create_index(op.f("ix_statuses_instrument"), "statuses", ["instrument"])
    op.create_index(op.f("ix_statuses_by_instrument"), "statuses", ["by_instrument"])
    op.create_index("ix_items_source_id_first_seen", "items", ["source_id", "first_seen"])


def _evidence(table: str) -> tuple[sa.Column[int] | sa.ForeignKeyConstraint, ...]:
    return (
        sa.Column("item_id", BIG_ID, nullable=False),
        sa.Column("revision_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f(f"fk_{table}_item_id")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f(f"fk_{table}_revision_id")
        ),
    )
