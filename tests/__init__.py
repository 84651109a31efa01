"""All tests. Helpers are imported by their full name: `from tests.playbooks... import ...`."""
