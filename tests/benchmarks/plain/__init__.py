"""The same questions as a team would answer them: Strawberry, async SQLAlchemy, DataLoaders."""
