"""Let jobs be divided into parts, and workers say how many solves they run at once."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("job", sa.Column("agents", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("job", sa.Column("part", sa.Integer(), nullable=True))
    op.add_column("job", sa.Column("joins", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("job", sa.Column("parent_id", sa.String(length=26), nullable=True))
    op.create_index(op.f("ix_job_parent_id"), "job", ["parent_id"], unique=False)
    op.add_column("executor", sa.Column("places", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    op.execute("DELETE FROM job WHERE parent_id IS NOT NULL")
    op.drop_column("executor", "places")
    op.drop_index(op.f("ix_job_parent_id"), table_name="job")
    for name in ("parent_id", "joins", "part", "agents"):
        op.drop_column("job", name)
