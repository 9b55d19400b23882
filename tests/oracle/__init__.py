"""The oracle: graphql-core on the committed SDL, with one naive resolver for each object.

Nothing here builds SQL, batches, shapes or looks at what else a query asks. All rows are read once
into memory with `SELECT * FROM …`; each field of each object is then worked out alone, in plain
Python, from the nouns' declarations and from what the README says fields mean. So whatever the
product does differently (fragments, aliases, merged selections, directives, variables, pages,
editions, errors and how nulls spread) is a difference of its executor.

Covered: the lookup and the list of every noun with `where`, `orderBy`, pages and `asOf`; `node`,
`nodes`, `edition`, `editions`; all columns, value objects, relations, interfaces, nested
connections, histories, conflicts with positions and silences, lineages, passages of a stretch,
citations, counts of changes, and of `changes` and `Revision.changed` all but what stands in
`UNCOVERED`; introspection as graphql-core has it.

Not covered, because machinery with tests of its own works it out: the root fields `changes`,
`coverage`, `difference`, `namesLike`, `network`, `relationship`, `search`, `statistics`,
`timeline`, and the fields in `UNCOVERED`. `tests.oracle.graph.covered` is the SDL without them.
"""
