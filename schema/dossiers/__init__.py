"""Dossiers: from text and YAML to a draft of claims and links.

May import `schema.errors`, `schema.model`, and of `schema.nouns` Claim alone.
"""
