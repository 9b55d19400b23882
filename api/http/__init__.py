"""GraphQL over HTTP: one connection, one request, one answer, and the answers that are kept.

May import `api.limits`, `api.lru`, and of `schema` errors, storage and execution.
"""
