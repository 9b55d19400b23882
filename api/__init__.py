"""Pactbook's processes: the command line, the HTTP application and its limits."""
