"""L1: expressions (CEL) and `${{ }}` templates. The only importer of cel_expr_python.

environment.py   compiles an expression with our names declared; plain.py those that need no parser
expression.py    one that is checked; checked.py reads CEL's form of it
functions.py     our own functions; calls.py finds them, arguments.py looks at what they are given
opening.py       calendars, moments.py dates, zones.py time zones, speech/ how they are spoken
template.py      texts with expressions in them; as_text.py, spelled.py, urls.py how a value stands in one
mistakes.py      what is wrong, in an author's words; mistake.py, syntax.py, matching.py, wording.py, words.py
"""

from engine.expr.calls import ZONED, calls, read_at
from engine.expr.environment import Checked, Environment, cel_type_of
from engine.expr.functions import Setting
from engine.expr.mistake import Mistake
from engine.expr.opening import next_open
from engine.expr.spelled import Spelled
from engine.expr.template import Piece, TextTemplate, expressions, has_template, names_in, render, split, written
from engine.expr.urls import climbs, encoded
from engine.expr.wording import a_value, conversion
from engine.expr.words import CEL_WORDS
from engine.expr.zones import FOLDER as ZONES
from engine.expr.zones import zone_of, zones_in

__all__ = [
    "CEL_WORDS",
    "ZONED",
    "ZONES",
    "Checked",
    "Environment",
    "Mistake",
    "Piece",
    "Setting",
    "Spelled",
    "TextTemplate",
    "a_value",
    "calls",
    "cel_type_of",
    "climbs",
    "conversion",
    "encoded",
    "expressions",
    "has_template",
    "names_in",
    "next_open",
    "read_at",
    "render",
    "split",
    "written",
    "zone_of",
    "zones_in",
]
