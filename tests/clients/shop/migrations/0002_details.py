"""More columns, and wider ones. Django would add a column with its default, for the rows that are there: so it is added
without one, and gets it in a second step, which concerns Django alone."""
from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """What Django's schema editor does to an audit table that may have rows."""

    dependencies = [("shop", "0001_initial")]
    operations = [
        migrations.AddField("Entry", "details", models.JSONField(null=True)),
        migrations.AlterField("Entry", "details", models.JSONField(default=dict, null=True)),
        migrations.AlterField("Entry", "action", models.CharField(max_length=20)),
        migrations.AlterField("Entry", "id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False,
                                                                verbose_name="ID")),
    ]
