"""What programs look for on any site: robots, a site map, an icon, the schema, words for models.

May import `api.http` and what it stands on.
"""
