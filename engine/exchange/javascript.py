"""The conditions of SWML are JavaScript; this understands as much of it as they need.

Comparisons, `&&`, `||`, `!`, arithmetic, `?:`, paths into the variables, and some functions of texts
and numbers (`js_values.FUNCTIONS` and `METHODS`). Nothing in it has effects, so all of it is evaluated.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from engine.exchange import js_values as js

Scope = Mapping[str, Any]
"""`vars`, `envs`, `call` and `params`; a name without one of these is looked for in that order."""

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_$][\w$]*)
    |(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    |(?P<sign>===|!==|==|!=|<=|>=|&&|\|\||[-+*/%<>!()\[\].,?:]))""",
    re.VERBOSE,
)
_WORDS: Mapping[str, Any] = {"true": True, "false": False, "null": None, "undefined": None}
_MOST = 2_000
_DEEPEST = 30


class NotUnderstoodError(ValueError):
    """JavaScript beyond what is modelled here, or none at all."""


def evaluate(source: str, scope: Scope) -> Any:
    """The value of an expression. `NotUnderstoodError` where this cannot tell it."""
    reader = _Reader(_tokens(source), scope)
    try:
        value = reader.choice()
    except (TypeError, ValueError, ArithmeticError) as error:
        raise NotUnderstoodError(f"{source}: {error}") from None
    if reader.sign is not None:
        raise NotUnderstoodError(source)
    return value


def _tokens(source: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at, end = 0, len(source.rstrip())
    if end > _MOST:
        raise NotUnderstoodError(f"an expression of {end} characters")
    while at < end:
        match = _TOKEN.match(source, at)
        if match is None:
            raise NotUnderstoodError(source)
        found.append((str(match.lastgroup), match[str(match.lastgroup)]))
        at = match.end()
    return [*found, ("end", "")]


_LEVELS: tuple[Mapping[str, Callable[[Any, Any], Any]], ...] = (
    {"||": lambda one, other: one if js.truthy(one) else other},
    {"&&": lambda one, other: other if js.truthy(one) else one},
    {
        "==": js.equal,
        "!=": lambda one, other: not js.equal(one, other),
        "===": js.same,
        "!==": lambda one, other: not js.same(one, other),
    },
    {
        "<": js.less,
        ">": lambda one, other: js.less(other, one),
        "<=": lambda one, other: js.less(one, other) or js.equal(one, other),
        ">=": lambda one, other: js.less(other, one) or js.equal(one, other),
    },
    {"+": js.plus, "-": lambda one, other: js.rounded(js.number(one) - js.number(other))},
    {
        "*": lambda one, other: js.rounded(js.number(one) * js.number(other)),
        "/": js.over,
        "%": lambda one, other: js.number(one) % js.number(other),
    },
)
"""Operators of two sides, those that bind least first."""


class _Reader:
    """Reads and evaluates at once, by descent; `sign` is the sign that comes next, None at the end."""

    def __init__(self, tokens: list[tuple[str, str]], scope: Scope) -> None:
        self._tokens = tokens
        self._scope = scope
        self._at = 0
        self._depth = 0

    @property
    def sign(self) -> str | None:
        kind, token = self._tokens[self._at]
        return None if kind == "end" else token if kind == "sign" else ""

    def choice(self) -> Any:
        """A whole expression, `?:` and all."""
        self._deeper(1)
        value = self._binary(0)
        if self._takes("?"):
            yes = self.choice()
            self._needs(":")
            no = self.choice()
            value = yes if js.truthy(value) else no
        self._deeper(-1)
        return value

    def _deeper(self, levels: int) -> None:
        self._depth += levels
        if self._depth > _DEEPEST:
            raise NotUnderstoodError("an expression that is nested too deeply")

    def _binary(self, level: int) -> Any:
        if level == len(_LEVELS):
            return self._unary()
        value = self._binary(level + 1)
        while (operator := _LEVELS[level].get(self.sign or "")) is not None:
            self._at += 1
            value = operator(value, self._binary(level + 1))
        return value

    def _unary(self) -> Any:
        self._deeper(1)
        if self._takes("!"):
            value: Any = not js.truthy(self._unary())
        else:
            value = -js.number(self._unary()) if self._takes("-") else self._path()
        self._deeper(-1)
        return value

    def _path(self) -> Any:
        """A value, and what is asked of it: `.name`, `[index]`, `.method(...)`."""
        value = self._value()
        while True:
            if self._takes("["):
                value = js.member(value, self.choice())
                self._needs("]")
            elif self._takes("."):
                name = self._name()
                value = js.METHODS[name](value, *self._arguments()) if self._calls(name) else js.member(value, name)
            else:
                return value

    def _value(self) -> Any:
        if self._takes("("):
            value = self.choice()
            self._needs(")")
            return value
        kind, token = self._tokens[self._at]
        self._at += 1
        if kind == "number":
            return js.number(token)
        if kind == "text":
            return re.sub(r"\\(.)", r"\1", token[1:-1])
        if kind != "name":
            raise NotUnderstoodError(f"{token or 'an end'} where a value should be")
        return self._named(token)

    def _named(self, name: str) -> Any:
        if name in _WORDS:
            return _WORDS[name]
        if self.sign == "(":
            if name not in js.FUNCTIONS:
                raise NotUnderstoodError(f"the function {name}")
            self._at += 1
            return js.FUNCTIONS[name](*self._arguments())
        return lookup(name, self._scope)

    def _calls(self, name: str) -> bool:
        if self.sign == "(" and name not in js.METHODS:
            raise NotUnderstoodError(f"the method {name}")
        return self._takes("(")

    def _arguments(self) -> list[Any]:
        given: list[Any] = []
        while not self._takes(")"):
            given.append(self.choice())
            if self.sign != ")":
                self._needs(",")
        return given

    def _name(self) -> str:
        kind, token = self._tokens[self._at]
        if kind != "name":
            raise NotUnderstoodError(f"{token or 'an end'} where a name should be")
        self._at += 1
        return token

    def _takes(self, sign: str) -> bool:
        if self.sign != sign:
            return False
        self._at += 1
        return True

    def _needs(self, sign: str) -> None:
        if not self._takes(sign):
            raise NotUnderstoodError(f"{sign} is missing")


def lookup(name: str, scope: Scope) -> Any:
    """A scope by its name, or the value of a name in the first scope that has it."""
    if name in scope:
        return scope[name]
    return next((scope[each][name] for each in ("vars", "envs", "call") if name in scope.get(each, {})), None)
