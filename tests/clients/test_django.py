"""Django: its own migrations, its user administration, and django-auditlog, whose table is an audit table."""
from __future__ import annotations

import os

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection, models, transaction
from django.db.utils import ProgrammingError

from clients.database import DatabaseCase

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "postgres", "USER": "postgres",
                           "HOST": os.environ["PGHOST"], "PORT": os.environ["PGPORT"]}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "clients.shop", "auditlog"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", USE_TZ=True, SECRET_KEY="of no use",
)
django.setup()

from auditlog.models import LogEntry  # noqa: E402
from auditlog.registry import auditlog  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402

from clients.shop.models import Entry, Order  # noqa: E402


class Django(DatabaseCase):
    """Migrations, deletions, flush."""

    def setUp(self) -> None:
        super().setUp()
        connection.close()
        connection.settings_dict.update(NAME=self.database, HOST=os.environ["PGHOST"])

    def tearDown(self) -> None:
        connection.close()
        super().tearDown()

    def migrate(self, *target: str) -> None:
        """manage.py migrate."""
        call_command("migrate", *target, verbosity=0, interactive=False)

    def test_migrations_up_and_down(self) -> None:
        """On an empty database; the models are what the migrations make."""
        self.migrate()
        call_command("makemigrations", "shop", check=True, dry_run=True, verbosity=0)
        self.migrate("shop", "0001")
        self.migrate("shop", "zero")
        self.migrate()
        Entry.objects.create(action="after all that")
        self.assert_intact("shop_entry", 1)

    def test_migrations_with_rows(self) -> None:
        """Up they go; the way back is refused, as it would drop a column that rows were hashed with."""
        self.migrate("shop", "0001")
        self.run_sql("INSERT INTO shop_entry (at, action) VALUES (now(), 'early')")
        self.migrate()
        Entry.objects.create(action="later", details={"n": 1})
        with self.assertRaises(ProgrammingError):
            self.migrate("shop", "0001")
        self.assertEqual(Entry.objects.count(), 2)
        self.assert_intact("shop_entry", 2)

    def test_a_user_is_deleted(self) -> None:
        """One who never did anything; one who did stays, and says why."""
        self.migrate()
        idle, busy = (User.objects.create_user(name) for name in ("idle", "busy"))
        Entry.objects.create(actor=busy, action="log in")
        idle.delete()
        with self.assertRaises(ProgrammingError) as caught, transaction.atomic():
            busy.delete()
        self.assertEqual(caught.exception.__cause__.diag.constraint_name, "audit_immutable")    # type: ignore[union-attr]
        Entry.objects.filter(action="nothing").delete()
        Entry.objects.filter(action="nothing").update(action="x")
        self.assertEqual([user.username for user in User.objects.all()], ["busy"])
        self.assert_intact("shop_entry", 1)

    def test_a_model_with_the_stamps(self) -> None:
        """As inspectdb makes it: Django sends NULL in all five."""
        self.migrate()
        description = {"__module__": "clients.shop.models", "action": models.CharField(max_length=20),
                       "at": models.DateTimeField(auto_now_add=True)}
        stamps = {"audit_chain": models.IntegerField, "audit_seq": models.BigIntegerField, "audit_at": models.DateTimeField,
                  "audit_session": models.BigIntegerField, "audit_hash": models.BinaryField}
        meta = type("Meta", (), {"managed": False, "db_table": "shop_entry", "app_label": "inspected"})
        inspected = type("Inspected", (models.Model,), description | {"Meta": meta} | {
            name: kind(blank=True, null=True) for name, kind in stamps.items()})
        inspected.objects.create(action="whole")
        self.assertEqual(inspected.objects.get().audit_seq, 1)
        self.assert_intact("shop_entry", 1)

    def test_flush(self) -> None:
        """It empties the other tables as long as the audit table has never had a row, and nothing afterwards."""
        self.migrate()
        User.objects.create_user("alice")
        call_command("flush", verbosity=0, interactive=False)
        self.assertEqual(User.objects.count(), 0)
        User.objects.create_user("alice")
        Entry.objects.bulk_create(Entry(action=str(n)) for n in range(5))
        with self.assertRaises(Exception):      # noqa: B017  # CommandError, of the refusal
            call_command("flush", verbosity=0, interactive=False)
        self.assertEqual(User.objects.count(), 1)
        self.assert_intact("shop_entry", 5)

    def test_auditlog(self) -> None:
        """django-auditlog's own migrations up, down and up, all of its tables being audit tables; then its way of writing."""
        self.migrate("auth")
        with connection.cursor() as cursor:
            cursor.execute("SET default_table_access_method = audit_immutable")
        self.migrate("auditlog")
        self.migrate("auditlog", "zero")
        self.migrate("auditlog")
        with connection.cursor() as cursor:
            cursor.execute("RESET default_table_access_method")
        self.migrate()
        auditlog.register(Order)
        self.addCleanup(auditlog.unregister, Order)
        order = Order.objects.create(title="one")
        order.title = "two"
        order.save()
        order.delete()
        Order.objects.create(title="another")
        self.assertEqual([entry.action for entry in LogEntry.objects.order_by("id")],
                         [LogEntry.Action.CREATE, LogEntry.Action.UPDATE, LogEntry.Action.DELETE, LogEntry.Action.CREATE])
        with self.assertRaises(ProgrammingError):
            LogEntry.objects.all().delete()
        with self.assertRaises(ProgrammingError):
            call_command("auditlogflush", yes=True, verbosity=0)
        self.assert_intact("auditlog_logentry", 4)
