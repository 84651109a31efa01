"""L1: a flow's bytes to a checked graph. Takes bytes, gives values; reads nothing itself.

A document:

yaml_reader.py   bytes -> located nodes, YAML 1.2, hostile input refused
yaml_errors.py   YAML's own complaints, in an author's words
recover.py       reading on after them
scalars.py       what a plain scalar means
located.py       nodes, and lines and columns
offsets.py       from a place in a text to its place in the file
kinds.py         flows, tests, calendars, environments: what messages call them

Its form:

plain.py         nodes -> plain values for the schema
schemas.py       the schemas in one piece; bundled.py one for an editor
shape.py         JSON Schema as functions (keywords.py, json_types.py, branches.py)
check.py         the document against the schema
mistakes/        what is wrong with it, in the author's words (wording.py)

A flow:

flow.py          from its bytes to its graph
compiled.py      what comes of that; sketch.py what is sound of a flow with mistakes
sections.py      its name, steps and handlers; last.py `finally`, unread.py steps without a verb
declarations.py  inputs, uses, vars, limits
calls.py         the flows that it calls (called.py, circles.py, linked.py); shelf.py those compiled already
needed.py        what it names beside itself
calendars.py     opening hours
patience.py      a file's time, without a clock
report.py        diagnostics

A step:

step.py          what all steps have in common; step_nodes.py one as it is written
outcomes.py      which outcomes it has, and where they go
steps/           its value, by verb: choices.py, returns.py, swml.py (checked_swml.py), patterns.py, durations.py
scope.py         names and templates in it (places.py, handles.py, ways_back.py)
reserved.py      names that nobody can give; secrecy.py values that not everybody may know
paths/           what holds on every way to it
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
