"""L1: a flow's bytes to a checked graph. Takes bytes, gives values; reads nothing itself.

yaml_reader.py  bytes -> located nodes, YAML 1.2, hostile input refused
scalars.py      what a plain scalar means
located.py      nodes and offsets
plain.py        nodes -> plain values for the schema
check.py        the schema, and its mistakes in the author's words
flow.py         the sections of a flow, in order
outcomes.py     which outcomes a step has, and where they go
scope.py        names, templates, handles
steps/          a step's value, by verb
report.py       diagnostics
"""

from engine.compile.flow import Compiled, compile_bundle, duration_ms, needs, suffix

__all__ = ["Compiled", "compile_bundle", "duration_ms", "needs", "suffix"]
