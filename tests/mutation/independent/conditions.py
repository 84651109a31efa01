"""Conditions and variables that are nearly right."""

import re
from collections.abc import Iterator

from tests.mutation.document import Document
from tests.mutation.independent.making import made
from tests.mutation.independent.places import assignments, calls, conditions, expressions, quoted
from tests.mutation.mutant import Mutation, mutation

_ORDER = re.compile(r"<=|>=|<|>")
_BOUND = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_JOINED = re.compile(r"&&|\|\|")
_COMPARED = re.compile(r"[=!]= '([a-z_]+)'")


@made
def off_by_one(of: Document) -> Iterator[Mutation | None]:
    for where, start, end in expressions(of):
        for found in _ORDER.finditer(of.text, start, end):
            other = _BOUND[found[0]]
            yield mutation(where, f"{other} for {found[0]}", of.put_text(*found.span(), other))


@made
def and_for_or(of: Document) -> Iterator[Mutation | None]:
    for where, start, end in expressions(of):
        for found in _JOINED.finditer(of.text, start, end):
            other = "||" if found[0] == "&&" else "&&"
            yield mutation(where, f"{other} for {found[0]}", of.put_text(*found.span(), other))


@made
def turned_round(of: Document) -> Iterator[Mutation | None]:
    for step, index, condition in conditions(of):
        yield mutation(f"{step.name}.{index}", "not", of.put(condition, quoted(f"!({condition.text})")))


@made
def word_of_the_platform(of: Document) -> Iterator[Mutation | None]:
    for where, start, end in expressions(of):
        for found in _COMPARED.finditer(of.text, start, end):
            yield mutation(where, found[1].upper(), of.put_text(*found.span(1), found[1].upper()))


@made
def counter_stands_still(of: Document) -> Iterator[Mutation | None]:
    for where, name, value in assignments(of):
        if re.fullmatch(rf"vars\.{name.text} \+ 1", value.text):
            yield mutation(where, "1", of.put(value, "1"))


@made
def fallback_gone(of: Document) -> Iterator[Mutation | None]:
    for where, start, end in expressions(of):
        for begin, over, arguments in calls(of, start, end, "or"):
            yield mutation(where, f"{arguments[0]} alone", of.put_text(begin, over, arguments[0]))


@made
def flag_turned(of: Document) -> Iterator[Mutation | None]:
    for where, _, value in assignments(of):
        if value.text in ("true", "false"):
            other = "false" if value.text == "true" else "true"
            yield mutation(where, other, of.put(value, other))
