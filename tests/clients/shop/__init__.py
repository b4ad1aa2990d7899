"""A Django application with an audit table."""
