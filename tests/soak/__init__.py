"""Calls that go on while their runner is killed again and again, and what is asked afterwards. `python -m tests.soak`."""
