"""Reading: whether the words of a source carry the value that a claim gives.

May import `schema.model`.
"""
