"""A condition taken apart where it says `&&`, `||` and `!`: a tree of them, with the texts of its parts as leaves."""

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

_QUOTED = r"""[rRbB]{0,2}(?:'''[\s\S]*?'''|\"\"\"[\s\S]*?\"\"\"|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")"""
_SIGN = re.compile(rf"{_QUOTED}|//[^\n]*|&&|\|\||[\[\](){{}}?!]|[^'\"\[\](){{}}?!&|/\s]+|\S")
_OPEN, _CLOSE = "([{", ")]}"


class Every(Struct, frozen=True):
    parts: tuple["Tree", ...]


class Some(Struct, frozen=True):
    parts: tuple["Tree", ...]


class Not(Struct, frozen=True):
    part: "Tree"


Tree = str | Every | Some | Not


def tree(source: str) -> Tree:
    """What is no condition of conditions is one leaf: a comparison, a call, a choice by `?`."""
    source = source.strip()
    tokens = [one for one in _SIGN.finditer(source) if not one[0].startswith("//")]
    depths = list(_depths([one[0] for one in tokens]))
    outer = [one for one, depth in zip(tokens, depths, strict=True) if depth == 0]
    words = [one[0] for one in outer]
    if "?" in words:
        return source
    for sign, kind in (("||", Some), ("&&", Every)):
        if sign in words:
            cuts = [one for one in outer if one[0] == sign]
            starts = [0, *(one.end() for one in cuts)]
            ends = [*(one.start() for one in cuts), len(source)]
            return kind(tuple(tree(source[start:end]) for start, end in zip(starts, ends, strict=True)))
    if words and words[0] == "!" and _is_one(words[1:]):
        return Not(tree(source[1:]))
    if words == ["(", ")"] and source[0] == "(" and source[-1] == ")":
        return tree(source[1:-1])
    return source


def leaves(one: Any) -> Iterator[Any]:
    """Of a tree, whatever its leaves have been made into."""
    if isinstance(one, Not):
        yield from leaves(one.part)
    elif isinstance(one, Every | Some):
        for part in one.parts:
            yield from leaves(part)
    else:
        yield one


def _depths(words: list[str]) -> list[int]:
    """How deep in brackets each stands; a bracket itself stands outside."""
    depth, found = 0, []
    for word in words:
        depth -= word in _CLOSE
        found.append(depth)
        depth += word in _OPEN
    return found


def _is_one(words: list[str]) -> bool:
    """Is it one thing in brackets, or another negation of that?"""
    return words == ["(", ")"] or (words[:1] == ["!"] and _is_one(words[1:]))
