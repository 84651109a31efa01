"""Input of any kind, from what is sound to what is not: no crash, no hang, and the memory stays flat.

`python -m tests.fuzz [--seconds N]` goes on for so long with each target and prints JSON with the counts; `--write`
puts its table into docs/reliability.md. The tests here are the same, for a moment. What was found once stands in
`corpus/<target>/` and is tried every time.
"""
