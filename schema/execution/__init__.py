"""Execution: runs plans, shapes rows and writes answers.

May import `schema.errors`, `schema.model`, `schema.storage`, `schema.graph`,
`schema.filtering` and `schema.planning`.
"""
