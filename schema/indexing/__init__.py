"""The full-text index: tokens, documents, matching, and keeping it up to date.

May import `schema.model`, `schema.storage`, and of `schema.nouns` Actor alone.
"""
