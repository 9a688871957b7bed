"""When each source is asked next."""

import sqlalchemy as sa
from alembic import op

from storage.columns import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the time of a source's next turn."""
    op.add_column("sources", sa.Column("next_turn", UtcDateTime(), nullable=True))
