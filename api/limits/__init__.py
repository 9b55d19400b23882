"""What an operation may ask for: size, depth, cost, time and the bytes of its answer.

May import `api.lru`, and of `schema` errors, build, graph, model, storage and execution.
"""
