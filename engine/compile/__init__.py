"""L1: a flow's bytes to a checked graph. Takes bytes, gives values; reads nothing itself.

yaml_reader.py   bytes -> located nodes, YAML 1.2, hostile input refused
yaml_errors.py   YAML's own complaints, in an author's words
recover.py       reading on after them
scalars.py       what a plain scalar means
located.py       nodes, and lines and columns
offsets.py       from a place in a text to its place in the file
plain.py         nodes -> plain values for the schema
shape.py         JSON Schema as functions (keywords.py, json_types.py, branches.py)
check.py         the document against the schema
mistakes/        what is wrong with it, in the author's words (wording.py)
flow.py          a flow, from its bytes to its graph (sections.py, calls.py)
compiled.py      what comes of that
needed.py        what a flow names beside itself
shelf.py         called flows that are compiled already
patience.py      a file's time, without a clock
calendars.py     opening hours
declarations.py  inputs, uses, vars, limits
step.py          what all steps have in common
outcomes.py      which outcomes a step has, and where they go
scope.py         names, templates (handles.py, ways_back.py)
steps/           a step's value, by verb
paths/           what holds on every way to a step
patterns.py      regular expressions that would take for ever
report.py        diagnostics
"""

from engine.compile.calendars import SUFFIX as CALENDAR
from engine.compile.calendars import CompiledCalendar, compile_calendar, path_of, zone_named
from engine.compile.checked_swml import SwmlCheck, SwmlProblem
from engine.compile.compiled import Compiled, Survey
from engine.compile.durations import parse as duration_ms
from engine.compile.flow import compile_bundle, suffix, survey
from engine.compile.needed import needs, zones_named
from engine.compile.shelf import Shelf

__all__ = [
    "CALENDAR",
    "Compiled",
    "CompiledCalendar",
    "Shelf",
    "Survey",
    "SwmlCheck",
    "SwmlProblem",
    "compile_bundle",
    "compile_calendar",
    "duration_ms",
    "needs",
    "path_of",
    "suffix",
    "survey",
    "zone_named",
    "zones_named",
]
