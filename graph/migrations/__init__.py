"""Numbered, repeatable steps of the schema."""

from graph.migrations.ledger import migrate, schema_version

__all__ = ["migrate", "schema_version"]
