"""The benchmark: seven questions of a front end, asked of Pactbook and of what it could be."""
