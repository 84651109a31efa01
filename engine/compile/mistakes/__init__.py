"""A document's mistakes of shape, in the author's words: what is wrong, and what to write instead.

One function for each keyword of JSON Schema that can fail (`engine.compile.shape`).

said.py         a failure of the schema, and where it stands
wrong_types.py  another type than is wanted, or no value at all
keys.py         keys too many, and keys too few
branches.py     none of several forms
values.py       of the right type, and yet not allowed
names.py        what cannot be a name
addresses.py    what is no address that a command takes
left_out.py     outcomes whose `next` is missing
"""

from collections.abc import Callable

from engine.compile.located import Node
from engine.compile.mistakes import branches, keys, values
from engine.compile.mistakes.names import property_names
from engine.compile.mistakes.said import Said
from engine.compile.mistakes.wrong_types import wrong_type
from engine.compile.report import Report
from engine.compile.shape import Failure


def say(report: Report, root: Node, failure: Failure) -> None:
    """Reports the failure where it stands in `root`, which is the document that was checked."""
    _SAY.get(failure.keyword, values.other)(Said(report, root, failure))


_SAY: dict[str, Callable[[Said], None]] = {
    "type": wrong_type,
    "x-planned": values.planned,
    "pattern": values.pattern,
    "propertyNames": property_names,
    "required": keys.required,
    "additionalProperties": keys.unknown_keys,
    "enum": values.enum,
    "const": values.const,
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), values.bound),
    **dict.fromkeys(("minLength", "minItems", "minProperties"), values.too_short),
    **dict.fromkeys(("maxLength", "maxItems", "maxProperties"), values.too_long),
    "uniqueItems": values.twice,
    "anyOf": branches.any_of,
    "not": keys.exclusive,
    "dependentSchemas": keys.dependent,
}
