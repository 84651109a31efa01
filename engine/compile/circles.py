"""Flows that call each other in a circle."""

from collections.abc import Iterator, Mapping

from engine.compile import yaml_reader
from engine.compile.called import path_of
from engine.compile.located import walk


def circle(files: Mapping[str, bytes], flow: str, called: str) -> tuple[str, ...]:
    """`p`, `q`, `p`: the shortest way on which `flow`, which calls `called`, is called again. Empty when it is not."""
    ways: list[tuple[str, ...]] = [(flow, called)]
    seen = {called}
    for way in ways:
        if way[-1] == flow:
            return way
        for name in _calls(files.get(path_of(way[-1]), b"")):
            if name not in seen:
                seen.add(name)
                ways.append((*way, name))
    return ()


def _calls(data: bytes) -> Iterator[str]:
    root, _ = yaml_reader.read("", data)
    for path, scalar in walk(root) if root is not None else ():
        match path:
            case ("steps", _, "subflow", "flow"):
                yield scalar.text
            case _:
                pass
