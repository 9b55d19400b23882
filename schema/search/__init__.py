"""Search: terms, ranking, facets, and names that are alike.

May import what stands below: `schema.execution` and all under it, and `schema.indexing`; no
other wing.
"""
