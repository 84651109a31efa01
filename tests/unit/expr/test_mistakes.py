"""What CEL complains of, as an author reads it: place, message and help."""

import pytest

from engine.expr import Environment, Mistake

ENVIRONMENT = Environment(
    {"vars.tries": "int", "vars.name": "string", "vars.ok": "bool", "vars.rate": "double", "call.headers": "headers",
     "now": "timestamp", "steps.pin.digits": "string", "call.from": "string"}
)  # fmt: skip


def mistakes(source: str) -> list[Mistake]:
    found = ENVIRONMENT.compile(source)
    assert isinstance(found, list), f"{source} has no mistake"
    return found


@pytest.mark.parametrize(
    ("source", "marked", "message"),
    [
        ("1 + 'a'", "+", "`+` does not take an int and a text."),
        ("vars.tries >= 1.5", ">=", "`>=` does not take an int and a double."),
        ("'a' - 'b'", "-", "`-` does not take two values of this type: a text."),
        ("-vars.name", "-", "`-` does not take a text."),
        ("vars.tries || vars.ok", "||", "`||` stands between two conditions, and one side is an int."),
        ("vars.name == null", "==", "`==` compares with null, and nothing here is ever null."),
        ("now < 5", "<", "`<` does not take a time and an int."),
        ("call.headers + 'a'", "+", "`+` does not take a map and a text."),
        ("[1] == ['a']", "==", "`==` does not take a list and a list."),
        ("vars.tries ? 1 : 2", "?", "Before `?` stands a condition, not an int."),
        ("[1, 2][vars.name]", "[", "In a list, `[ ]` holds an int, not a text."),
        ("vars.tries[0]", "[", "`[ ]` takes an entry out of a list or a map, not out of an int."),
        ("1 in vars.name", "in", "An int cannot be in a text."),
        ("vars.name.startsWith(1)", "startsWith", "`startsWith` does not take a text and an int."),
        ("1 + size(vars.tries)", "size", "`size` does not take an int."),
        ("size()", "size", "`size` is not called like that."),
        ("vars.name.length", ".length", "A text has no field `length`."),
        ("[1].exists(a, a.b)", ".b", "An int has no field `b`."),
        ("vars.trie > 1", "vars.trie", "There is no `vars.trie` here."),
        ("1 < vars . trie", "vars . trie", "There is no `vars.trie` here."),
        ("x + y", "x", "There is no `x` here."),
        ("nmae('a')", "nmae", "There is no function `nmae`."),
        ("import == 'a'", "import", "`import` is a word that CEL keeps for itself."),
        ("vars.tries = 1", "=", "A comparison is written `==`."),
        ("vars.ok AND vars.ok", "AND", "`AND` is written `&&`."),
        ("vars.name == 'and' or vars.ok", "or", "`or` is written `||`."),
        ("vars.name == 'a", "'", "This quote is not closed."),
        ("vars.name.matches('\\d')", "\\d", "`\\d` is no escape in a text."),
        ("((1)", "(", "This `(` is not closed."),
        ("(1]", "]", "This `]` closes a bracket of another kind."),
        ("1)", ")", "This `)` closes nothing."),
        ("1 +  ", "+", "Something is missing at the end."),
        ("1 2", "2", "`2` is not expected here."),
        ("vars.name vars.ok", "vars", "`vars` is not expected here."),
        ("vars.ok; vars.ok", ";", "`;` has no meaning in an expression."),
        ("  ", "  ", "The expression is empty."),
        ("99999999999999999999", "99999999999999999999", "The number is too large."),
        ("date(now)", "date", "`date` of a time needs a time zone."),
        ("time(now)", "time", "`time` of a time needs a time zone."),
        ("'😀' + 1", "+", "`+` does not take a text and an int."),
        ("'é'\n  + 1", "+", "`+` does not take a text and an int."),
    ],
)
def test_mistake_is_marked_and_said(source: str, marked: str, message: str) -> None:
    found = mistakes(source)[0]
    assert source[found.offset : found.offset + found.length] == marked
    assert found.message == message


@pytest.mark.parametrize(
    ("source", "advice"),
    [
        ("vars.trie", "Did you mean `vars.tries`?"),
        ("tries", "Did you mean `vars.tries`?"),
        ("steps.pin", "There is `steps.pin.digits`."),
        ("steps.nip.digits", "Did you mean `steps.pin.digits`?"),
        ("inputs.a", "The flow declares nothing under `inputs`."),
        ("yes", "In an expression it is `true`."),
        ("nobody", "Names begin with call, inputs, vars, uses, steps, run or now. A text stands in quotes: 'nobody'."),
        ("'a'.startswith('b')", "Did you mean `startsWith`?"),
        ("1 + 1.0", "Make both the same: a double is written 1.0, and double(x) makes one of an int."),
        ("1 + 'a'", "Make both the same: string(x) makes a text of a number, int(x) a number of a text."),
        ("'a'.contains(1)", "It is called like this: text.contains('part')."),
        ("var.tries", "Did you mean `vars`?"),
    ],
)
def test_help_says_what_to_write(source: str, advice: str) -> None:
    assert mistakes(source)[0].help == advice


def test_all_mistakes_of_types_and_names_are_reported() -> None:
    assert [one.message for one in mistakes("x == 1 && vars.name > 1")] == [
        "There is no `x` here.",
        "`>` does not take a text and an int.",
    ]


def test_one_mistake_of_syntax_is_reported_once() -> None:
    assert len(mistakes("vars.ok | vars.ok | vars.ok")) == 1


@pytest.mark.parametrize(
    "source", ["(" * 500 + "1" + ")" * 500, "1" + " + 1" * 500, "a" + ".b" * 500, "1 == " * 30_000 + "1"]
)
def test_what_is_too_much_for_cel_is_said_so(source: str) -> None:
    found = mistakes(source)[0]
    assert "too deeply" in found.message or "too long" in found.message
    assert (found.offset, found.length) == (0, len(source))


@pytest.mark.parametrize(
    "source",
    [
        "1 + 'a'",
        "vars.trie",
        "1 +",
        "(",
        "'",
        "!1",
        "1 in 2",
        "[1][''].b",
        "vars.name.b",
        "size(1)",
        "a.b(",
        "1 ? 2 : 3",
        "@",
        "\x00",
        "in",
    ],
)
def test_no_word_of_cels_machinery_is_left(source: str) -> None:
    for found in mistakes(source):
        said = f"{found.message} {found.help}"
        assert not any(
            word in said for word in ("_", "overload", "EOF", "container", "token", "INVALID", "operand", "mismatched")
        )
        assert 0 <= found.offset < max(1, len(source))
