"""SQLAlchemy, and Alembic's autogenerate."""
from __future__ import annotations

import datetime

import sqlalchemy as sa
from alembic import autogenerate
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.automap import automap_base
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from clients.database import DatabaseCase

STAMPS = {"audit_chain", "audit_seq", "audit_at", "audit_session", "audit_hash"}


def include_object(item: sa.schema.SchemaItem, name: str | None, kind: str, reflected: bool, model: object) -> bool:
    """For Alembic's env.py: what an audit table has beside its model is not looked at."""
    if not reflected or model is not None:
        return True
    if kind == "index":
        return {column.name for column in item.columns} != {"audit_chain", "audit_seq"}     # type: ignore[attr-defined]
    return not (kind == "column" and name in STAMPS)


class Base(DeclarativeBase):
    """The models."""


class Log(Base):
    """An audit table."""

    __tablename__ = "log"
    __table_args__ = {"postgresql_using": "audit_immutable"}
    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    at: Mapped[datetime.datetime] = mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())
    actor: Mapped[str | None] = mapped_column(sa.String(20))
    details: Mapped[dict[str, object] | None] = mapped_column(sa.JSON)


class SqlAlchemy(DatabaseCase):
    """Models, reflection, migrations."""

    def setUp(self) -> None:
        super().setUp()
        self.engine = sa.create_engine(f"postgresql+psycopg:///{self.database}")
        self.addCleanup(self.engine.dispose)
        Base.metadata.create_all(self.engine)

    def tearDown(self) -> None:
        self.engine.dispose()
        super().tearDown()

    def differences(self, metadata: sa.MetaData) -> list[object]:
        """What autogenerate would write."""
        with self.engine.connect() as connection:
            options = {"include_object": include_object, "compare_type": True, "compare_server_default": True}
            context = MigrationContext.configure(connection, opts=options)
            return list(autogenerate.compare_metadata(context, metadata))

    def test_orm(self) -> None:
        """Rows come in singly and in bulk, are read back, and cannot be changed."""
        with Session(self.engine) as session:
            session.add_all(Log(actor=f"actor {n}", details={"n": n}) for n in range(100))
            session.add(Log())
            session.commit()
            first = session.scalars(sa.select(Log).order_by(Log.id)).first()
            assert first is not None
            first.actor = "mallory"
            with self.assertRaises(ProgrammingError):
                session.commit()
            session.rollback()
            session.delete(first)
            with self.assertRaises(ProgrammingError):
                session.commit()
        self.assert_intact("log", 101)

    def test_reflected(self) -> None:
        """Classes made from the database leave the stamps to their defaults, and a NULL in all five is none."""
        reflected = automap_base()
        reflected.prepare(self.engine)
        with Session(self.engine) as session:
            session.add(reflected.classes.log(actor="alice"))
            session.commit()
        table = reflected.metadata.tables["log"]
        with self.engine.begin() as connection:
            connection.execute(table.insert(), dict.fromkeys(STAMPS) | {"actor": "bob"})
        self.assert_intact("log", 2)

    def test_autogenerate_finds_nothing(self) -> None:
        """With the hook there is nothing to migrate; without it the stamps would be dropped."""
        self.assertEqual(self.differences(Base.metadata), [])

    def test_migrations_with_rows(self) -> None:
        """A column is added, another gets a wider type; autogenerate agrees afterwards."""
        with Session(self.engine) as session:
            session.add(Log(actor="alice"))
            session.commit()
        with self.engine.begin() as connection:
            operations = Operations(MigrationContext.configure(connection))
            operations.add_column("log", sa.Column("note", sa.Text))
            operations.alter_column("log", "actor", type_=sa.String(200))
            operations.alter_column("log", "id", type_=sa.BigInteger)
            operations.create_index("log_actor", "log", ["actor"])
        with self.engine.begin() as connection:
            connection.execute(sa.text("INSERT INTO log (actor, note) VALUES (:actor, 'n')"), {"actor": "b" * 100})
        later = sa.MetaData()
        sa.Table("log", later,
                 sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
                 sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
                 sa.Column("actor", sa.String(200), index=False), sa.Column("details", sa.JSON), sa.Column("note", sa.Text),
                 sa.Index("log_actor", "actor"))
        self.assertEqual(self.differences(later), [])
        self.assert_intact("log", 2)

    def test_migrations_up_and_down_without_rows(self) -> None:
        """A test suite's, which never writes."""
        with self.engine.begin() as connection:
            operations = Operations(MigrationContext.configure(connection))
            operations.add_column("log", sa.Column("status", sa.Integer, nullable=False, server_default="0"))
            operations.alter_column("log", "status", type_=sa.Text, postgresql_using="status::text")
            operations.alter_column("log", "status", new_column_name="state")
            operations.drop_column("log", "details")
            operations.rename_table("log", "journal")
            operations.drop_table("journal")
        Base.metadata.create_all(self.engine)
        self.assertEqual(self.differences(Base.metadata), [])
        Base.metadata.drop_all(self.engine)
