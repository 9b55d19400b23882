"""The server's process: its socket, signals, memory, standard output.

May import `api.app`, `api.http` and `api.settings`.
"""
