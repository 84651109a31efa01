"""What is said of an expression without CEL is what CEL says; where nothing is said, CEL is asked."""

import re
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.expr import Environment, Setting
from engine.expr.arguments import means_the_same, mistakes_of_calls
from engine.expr.calls import OF_CALENDARS, calls
from engine.expr.expression import LaterExpression
from engine.expr.functions import NAMES
from engine.expr.matching import mistakes_of_patterns
from engine.expr.typed import typed

DECLARED = {
    "now": "timestamp",
    "uses.hours": "string",
    "vars.in": "int",
    "vars.n": "int",
    "vars.m": "int",
    "vars.s": "string",
    "vars.t": "string",
    "vars.d": "double",
    "vars.b": "bool",
    "vars.at": "timestamp",
    "vars.for": "duration",
    "vars.long": "duration",
    "vars.any": "dyn",
    "vars.all": "list",
    "vars.map": "map",
    "call.headers": "headers",
}
_ZONES = {"Europe/Berlin": b""}
ONE = Environment(DECLARED, setting=Setting(calendar_names=("uses.hours",), zones=_ZONES))
NONE = Environment({name: DECLARED[name] for name in DECLARED if name != "uses.hours"}, setting=Setting(zones=_ZONES))
LITERALS = ("0", "7", "1.5", "'a'", '"it"', "''", "true", "false")
WRITTEN = (*DECLARED, *LITERALS)
SIGNS = ("==", "!=", "<", "<=", ">", ">=", "+", "-", "&&", "||", "*", "in")
FUNCTIONS = (
    *NAMES,
    "size",
    "string",
    "double",
    "int",
    "has",
    "vars.s.matches",
    "vars.s.contains",
    "vars.n.matches",
    "nobody",
)


def agrees(environment: Environment, source: str) -> bool:
    """Is it understood? Then CEL says the same of the text as it is written, and of the text that is evaluated."""
    declared, setting = environment.declared, environment._setting
    found = calls(source)
    wrong = [*mistakes_of_calls(found, declared, setting), *mistakes_of_patterns(source)]
    if wrong or not means_the_same(source, found, declared):
        return False
    said = typed(source, declared, setting.calendar)
    if said is None:
        return False
    assert environment._written.compile(source).return_type().name().lower() == said.type
    by_cel = environment._evaluated(source, found)
    assert (by_cel.type, by_cel.names) == (said.type, said.names)
    return True


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("environment", [ONE, NONE], ids=["one calendar", "no calendar"])
def test_functions_take_and_give_what_cel_says(environment: Environment, function: str) -> None:
    given = [*DECLARED, "1.5", "'a'", "'Europe/Berlin'"]
    sources = [f"{function}({', '.join(some)})" for count in (1, 2) for some in product(given, repeat=count)]
    understood = [source for source in sources if agrees(environment, source)]
    needs_calendar = function in OF_CALENDARS and environment is NONE
    assert bool(understood) == (function not in ("int", "has", "vars.n.matches", "nobody") and not needs_calendar)


@pytest.mark.parametrize("sign", SIGNS)
def test_operators_take_and_give_what_cel_says(sign: str) -> None:
    for one, other in product(WRITTEN, WRITTEN):
        agrees(ONE, f"{one} {sign} {other}")
        agrees(ONE, f"vars.b ? {one} : {other}")


KINDS = ("string", "int", "double", "bool", "timestamp")
LEAVES = {
    "string": ("vars.s", "vars.t", "'a'", "''", "or(vars.s, 'x')", "or(vars.s, vars.t)"),
    "int": ("vars.n", "vars.m", "7", "or(vars.n, 0)"),
    "double": ("vars.d", "1.5"),
    "bool": ("vars.b", "true", "false", "open(uses.hours, now)"),
    "timestamp": ("vars.at", "now", "next_open(uses.hours, now)"),
    "dyn": ("vars.all[0]", "vars.all[vars.n].a.b"),
}
GROWN = {
    "string": (
        "{string} + {string}",
        "spell({string})",
        "money({int}, {string})",
        "money({dyn}, 'USD')",
        "date({string})",
        "time({timestamp})",
        "when({timestamp}, uses.hours)",
        "string({int})",
        "string({dyn})",
    ),
    "int": ("{int} + {int}", "{int} - {int}", "size({string})", "size(vars.all)", "size(vars.map)"),
    "double": ("{double} + {double}", "{double} - {double}", "double({int})", "double({dyn})"),
    "bool": (
        "!{bool}",
        "{bool} && {bool}",
        "{bool} || {bool}",
        "{int} < {int}",
        "{string} >= {string}",
        "{timestamp} > {timestamp}",
        "{string} == {string}",
        "{bool} != {bool}",
        "{dyn} == {dyn}",
        "vars.s.matches({string})",
    ),
    "timestamp": ("parse_date({string})", "parse_date({string}, 'Europe/Berlin')"),
    "dyn": ("vars.all[{int}]", "vars.all[{int}].a.b"),
}


@st.composite
def expressions(draw: st.DrawFn, kind: str = "", depth: int = 3) -> str:
    """Most are right; of some a part has a type that it should not have."""
    if not kind or draw(st.integers(0, 24)) == 0:
        kind = draw(st.sampled_from(KINDS))
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from(LEAVES[kind]))
    one = f"{{{kind}}}"
    form = draw(st.sampled_from((f"({one})", f"{{bool}} ? {one} : {one}", *GROWN[kind])))
    return _PLACE.sub(lambda found: draw(expressions(found[1], depth - 1)), form)


_PLACE = re.compile(r"\{(\w+)\}")


@settings(max_examples=500)
@given(expressions())
@example("vars.n + 1 > 2 && vars.s == 'a' || !(vars.t != 'b') == vars.b")
@example("vars.b ? vars.b ? 'a' : 'b' : vars.b ? vars.s : 'c'")
@example("vars.n < size(vars.all) ? 'a' + string(vars.all[vars.n].name) : or(vars.t, '')")
@example("vars.s.matches('^[0-9]+$') && or(vars.s, vars.t).matches('a')")
@example("vars.n - 1 - 1 == 3 == true")
@example("when(vars.all[0], 'Europe/Berlin')")
def test_expressions_have_the_type_and_names_that_cel_says(source: str) -> None:
    agrees(ONE, source)
    agrees(NONE, source)


@pytest.mark.parametrize("count", [5, 20, 25, 26, 27, 28, 29, 30, 31, 32, 100])
@pytest.mark.parametrize(
    ("first", "more", "last"),
    [
        ("vars.s", " + vars.t", ""),
        ("vars.b", " == vars.b", ""),
        ("vars.n + vars.n + vars.n + vars.n + vars.n == vars.n", " == true", ""),
        ("", "vars.b ? vars.n : ", "vars.n"),
        ("", "!", "vars.b"),
        ("or(vars.s, '')", " + or(vars.t, vars.s)", ""),
        ("or(vars.b, true) ? or(vars.s, '') : vars.t", " + or(vars.t, vars.s)", ""),
        ("vars.n < 3", " && vars.n < 3", ""),
    ],
)
def test_what_is_too_deep_for_cel_is_left_to_it(first: str, more: str, last: str, count: int) -> None:
    source = first + more * count + last
    found = Environment(DECLARED).compile(source)
    if not isinstance(found, list):
        found.evaluate(VALUES.__getitem__)


VALUES = {"vars.n": 1, "vars.s": "a", "vars.t": "b", "vars.b": True}


@pytest.mark.parametrize("count", range(1, 40))
@pytest.mark.parametrize(
    "form", ["({})", "spell({})", "({} + 'a')", "('a' + {})", "(vars.b ? {} : vars.s)", "string(size({}))"]
)
def test_what_is_too_deep_within_is_left_to_cel(form: str, count: int) -> None:
    source = "vars.s"
    for _ in range(count):
        source = form.format(source)
    agrees(ONE, source)


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("or(vars.s, '')", "string"),
        (" or(vars.s, vars.t) ", "string"),
        ("or(vars.d, 2.0) < 2.0", "bool"),
        ("or(vars.s, '') != '' && or(vars.d, 2.0) >= 2.0", "bool"),
        ("open(uses.hours, now)", "bool"),
        ("when(next_open(uses.hours, now))", "string"),
        ("money(vars.all[vars.n].amount, 'USD')", "string"),
        ("date(vars.all[vars.n].date)", "string"),
        ("vars.s == '' ? '' : 'The zip code is ' + spell(vars.s) + '.'", "string"),
        ("vars.b || double(vars.s) <= 0.0", "bool"),
        ("vars.s.matches('^[+][0-9]{8,15}$')", "bool"),
    ],
)
def test_what_people_write_is_understood(source: str, kind: str) -> None:
    assert agrees(ONE, source)
    found = ONE.compile(source)
    assert isinstance(found, LaterExpression)
    assert found.type == kind


@pytest.mark.parametrize(
    "source",
    [
        "{'a': 1}['a']",
        "vars.all.exists(one, one == 1)",
        "vars.s.size() == 1",
        "'it\\'s'",
        "r'a' + 'b'",
        "1u + 1u",
        "1e5",
        "0x10 + 1",
        "-vars.n",
        "vars.n * 2",
        "vars.in + vars.n",
        "vars . n + vars.m",
        "vars.n + 1 // more",
        "vars.s == 'é'",
        "vars.n.b + 1",
        "vars.all[0].in",
        "1 2",
        "(1",
        "(" * 40 + "1" + ")" * 40,
        " + ".join(["vars.n"] * 200),
        "vars.unknown + 1",
        "{",
        "",
    ],
)
def test_what_is_not_understood_is_cels(source: str) -> None:
    assert typed(source, DECLARED) is None
