"""Planning: from selection sets to SQL, without touching a row.

May import `schema.errors`, `schema.model`, `schema.storage`, `schema.graph` and
`schema.filtering`.
"""
