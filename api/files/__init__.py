"""Whole lists as files: CSV, NDJSON and the data dictionary of their columns.

May import `api.http`, and of `schema` errors, model, storage, graph and planning.
"""
