"""A customer's orders, and what was done to them."""
from __future__ import annotations

from django.conf import settings
from django.db import models


class Order(models.Model):
    """A plain table."""

    title = models.CharField(max_length=100)


class Entry(models.Model):
    """An audit table: 0001_initial protects it. Nobody who has entries can be deleted."""

    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    action = models.CharField(max_length=20)
    details = models.JSONField(default=dict, null=True)
