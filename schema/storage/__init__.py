"""Statements with run-time parameters, engines, read snapshots, freshness of what was read.

May import `schema.errors` and `schema.model`.
"""
