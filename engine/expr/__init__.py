"""L1: expressions (CEL) and `${{ }}` templates. The only importer of cel_expr_python."""

from engine.expr.environment import CelExpression, Environment, cel_type_of
from engine.expr.mistakes import Mistake
from engine.expr.template import Piece, TextTemplate, has_template, render, split
from engine.expr.wording import a_value, conversion

__all__ = [
    "CelExpression",
    "Environment",
    "Mistake",
    "Piece",
    "TextTemplate",
    "a_value",
    "cel_type_of",
    "conversion",
    "has_template",
    "render",
    "split",
]
