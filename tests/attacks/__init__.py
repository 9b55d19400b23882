"""What a hostile client may do, with a normal client beside it; every server is the test's own."""
