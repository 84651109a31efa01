"""L1: expressions (CEL) and `${{ }}` templates. The only importer of cel_expr_python."""

from engine.expr.environment import CelExpression, Environment, Mistake, cel_type_of
from engine.expr.template import Piece, TextTemplate, has_template, render, split

__all__ = [
    "CelExpression",
    "Environment",
    "Mistake",
    "Piece",
    "TextTemplate",
    "cel_type_of",
    "has_template",
    "render",
    "split",
]
