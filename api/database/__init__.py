"""The database of a process: migrations, the seed, reference data.

May import of `schema` errors, model, storage, indexing, dossiers and publishing.
"""
