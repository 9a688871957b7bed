"""What the classifier learns from and leaves behind: labels, vectors, heads, readings."""

import sqlalchemy as sa
from alembic import op

from storage.columns import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BEFORE = "unknown"


def upgrade() -> None:
    """Create the tables, give each tag its nearest example, and say what was read already."""
    op.add_column("tags", sa.Column("nearest", sa.Text(), nullable=True))
    op.execute("UPDATE tags SET nearest = ''")
    with op.batch_alter_table("tags") as tags:
        tags.alter_column("nearest", existing_type=sa.Text(), nullable=False)
        tags.alter_column("model", existing_type=sa.String(100), type_=sa.Text())
    op.create_table(
        "labels",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("item_id", BIG_ID, nullable=False),
        sa.Column("revision_id", BIG_ID, nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("topic", sa.String(length=100), nullable=True),
        sa.Column("passage", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_labels_item_id")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_labels_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_labels_item_id"), "labels", ["item_id"])
    op.create_table(
        "heads",
        sa.Column("number", BIG_ID, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("recipe", sa.JSON(), nullable=False),
        sa.Column("labels_upto", sa.BigInteger(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_heads")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "vectors",
        sa.Column("revision_id", BIG_ID, nullable=False),
        sa.Column("model", sa.String(length=300), nullable=False),
        sa.Column("cut", sa.Integer(), nullable=False),
        sa.Column("passages", sa.JSON(), nullable=False),
        sa.Column("dimensions", sa.Integer(), nullable=False),
        sa.Column("vectors", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_vectors_revision_id")
        ),
        sa.PrimaryKeyConstraint("revision_id", "model", name=op.f("pk_vectors")),
    )
    op.create_table(
        "classifiers",
        sa.Column("number", BIG_ID, nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("head", sa.BigInteger(), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_classifiers")),
        sa.UniqueConstraint("version", name=op.f("uq_classifiers_version")),
    )
    op.create_table(
        "readings",
        sa.Column("revision_id", BIG_ID, nullable=False),
        sa.Column("classifier", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["classifier"], ["classifiers.number"], name=op.f("fk_readings_classifier")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_readings_revision_id")
        ),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_readings")),
    )
    _say_what_was_read()


def _say_what_was_read() -> None:
    """The topics stage has read every text up to its cursor, though it kept no record of it."""
    cursors = sa.table("cursors", sa.column("reader"), sa.column("seq"))
    events = sa.table(
        "events", sa.column("seq"), sa.column("kind"), sa.column("data", type_=sa.JSON())
    )
    revisions = sa.table("revisions", sa.column("id"))
    classifiers = sa.table(
        "classifiers",
        sa.column("number"),
        sa.column("version"),
        sa.column("head"),
        sa.column("turn"),
    )
    readings = sa.table("readings", sa.column("revision_id"), sa.column("classifier"))
    connection = op.get_bind()
    cursor = connection.scalar(sa.select(cursors.c.seq).where(cursors.c.reader == "topics"))
    if not cursor:
        return
    connection.execute(classifiers.insert().values(version=BEFORE, head=0, turn=0))
    number = connection.scalar(sa.select(classifiers.c.number))
    read = (
        sa.select(revisions.c.id, sa.literal(number, sa.Integer()))
        .join(events, events.c.data["revision"].as_integer() == revisions.c.id)
        .where(events.c.seq <= cursor, events.c.kind.in_(("item.appeared", "item.revised")))
        .distinct()
    )
    connection.execute(readings.insert().from_select(["revision_id", "classifier"], read))
