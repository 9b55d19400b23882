"""Publishing: from a draft to one edition, and the verifier of all of them.

May import `schema.errors`, `schema.model`, `schema.storage`, `schema.filtering`,
`schema.indexing`, `schema.dossiers`, and of `schema.nouns` Claim alone.
"""
