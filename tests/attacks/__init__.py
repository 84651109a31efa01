"""Attacks on a real runner process whose calls go on: each is refused, is in the log, and disturbs no call.

`python -m tests.attacks` runs them at full size and prints JSON; `--write` puts its table into docs/reliability.md.
The tests here run them small.
"""
