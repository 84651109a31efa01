"""L1: expressions (CEL) and `${{ }}` templates. The only importer of cel_expr_python."""

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
