"""The feeds: what editions did and what became of records, as Atom and as JSON Feed.

May import `api.page`, `api.http` and what they stand on.
"""
