"""The tests of Pactbook."""
