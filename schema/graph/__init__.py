"""From declarations to Strawberry types: views, catalog, arguments, types, rules, SDL.

May import `schema.model`, and of `schema.nouns` Actor alone.
"""
