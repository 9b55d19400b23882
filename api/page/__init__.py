"""The readable page of a record.

May import `api.http`, `api.limits`, `api.explorer`, and all of `schema`.
"""
