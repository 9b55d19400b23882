"""Questions: lookups, timeline, statistics, relationship and network.

May import what stands below: `schema.execution` and all under it; no other wing.
"""
