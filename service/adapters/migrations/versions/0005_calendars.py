"""Keep calendar subscriptions."""

import sqlalchemy as sa
from alembic import op

from service.adapters.tables import UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("job_id", sa.String(length=26), nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_calendar_job_id_job"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar")),
        sa.UniqueConstraint("digest", name=op.f("uq_calendar_digest")),
    )
    op.create_index(op.f("ix_calendar_job_id_calendar_id"), "calendar", ["job_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("calendar")
