"""History: versions of records, their differences, and the feed of changes.

May import what stands below: `schema.execution` and all under it; no other wing.
"""
