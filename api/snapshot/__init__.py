"""One edition as one SQLite file that is read without the code, and its verification.

May import `api.files`, `api.http`, and of `schema` errors, model, storage, graph, filtering,
execution and build.
"""
