"""Evidence: coverage, lineage, positions of sources, citations, passages.

May import what stands below: `schema.execution` and all under it; no other wing.
"""
