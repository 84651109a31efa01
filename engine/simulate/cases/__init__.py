"""Test files: calls written down with what is expected of them.

reading.py    bytes -> cases that know their places
script.py     the lines of a caller's script
given.py      uses, inputs, replies, faults: what a scenario is made of
against.py    a case held against the flow: what it names must be there
judging.py    an outcome held against the case: unnamed.py what no case has to name, unheeded.py what nobody listens to,
              expected.py what it expects; failing.py what all three say
coverage.py   which ways out of which steps a set of calls has taken (possible.py: which there are)
"""
