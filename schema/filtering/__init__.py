"""Filters, orders and pages: inputs, conditions, expressions, indexes, keysets, cursors.

May import `schema.errors`, `schema.model` and `schema.storage`.
"""
