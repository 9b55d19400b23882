"""Whole lists as files: CSV, NDJSON and the data dictionary of their columns.

May import `api.limits`, `api.http`, and of `schema` errors, model, graph, planning and execution.
"""
