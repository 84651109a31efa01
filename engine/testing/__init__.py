"""L5: the tests of flows in the test runners of others."""
