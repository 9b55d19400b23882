"""One edition as one SQLite file that is read without the code, and its verification.

May import `api.files`, `api.limits`, `api.http`, and of `schema` errors, model, graph, storage,
filtering, planning, execution and build.
"""
