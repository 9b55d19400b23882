"""The nouns, one a file; none knows a sibling.

May import `schema.model`.
"""
