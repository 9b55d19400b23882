"""What a noun is: values, fields, versioned tables, registry, editions, change log.

May import `schema.errors`.
"""
