"""Faults of the platform and of the machine, against every flow of flows/, and what became of the calls.

`python -m tests.faults` goes through the whole matrix and prints JSON; `--write` puts its table into
docs/reliability.md. The tests here go through a small part of it.
"""
