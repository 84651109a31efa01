"""Bytes to located nodes. The only importer of yaml.

libyaml is used for its events only: its composer recurses in C and crashes on deep nesting. Depth
and number of nodes are capped here, aliases and tags are refused, keys must be unique texts.
A block that is not YAML is reported and left out (`engine.compile.recover`); the rest is read.
"""

import codecs
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any, NoReturn

import yaml
from yaml import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from engine.compile.kinds import FLOW, Kind
from engine.compile.located import Mapping, Node, Scalar, Sequence, Source
from engine.compile.recover import Recovery
from engine.compile.report import Report
from engine.compile.scalars import resolve
from engine.compile.wording import quoted
from engine.model.limits import MAX_FILE_BYTES, MAX_YAML_DEPTH, MAX_YAML_NODES

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Refused(Exception):
    """The document cannot be read on; the report says why."""


def read(file: str, data: bytes, kind: Kind = FLOW) -> tuple[Node | None, Report]:
    """The document's root, or None when the report has a reason why not."""
    root, report = _kept(data, kind)
    return root, report.named(file)


@lru_cache(maxsize=16)
def _kept(data: bytes, kind: Kind) -> tuple[Node | None, Report]:
    """A file is looked at for what it needs, compiled and linted: the same bytes, which are read once."""
    report, text = _decode("", data, kind)
    return (_read(report, text) if text is not None else None), report


def _read(report: Report, text: str) -> Node | None:
    recovery = Recovery(text)
    while True:
        try:
            return _Reader(report, recovery.text).document()
        except _Refused:
            return None
        except yaml.YAMLError as error:
            from engine.compile.yaml_errors import explain  # most files are YAML

            mistake = explain(recovery.text, error, _tokens(recovery.text))
            if not recovery.knows(mistake.start):
                report.error(mistake.code, mistake.name, mistake.start, mistake.end, mistake.message, help=mistake.help)
            left_out = recovery.leave_out(mistake.cause)
            if left_out is None:
                return None
            report.close(*left_out)
            report.lost_names |= recovery.lost_names
            report.partial = True


def _tokens(text: str) -> Iterator[Any]:
    """As far as they can be read."""
    loader = _LOADER(text)
    with suppress(yaml.YAMLError):
        while (token := loader.get_token()) is not None:
            yield token


def _decode(file: str, data: bytes, kind: Kind) -> tuple[Report, str | None]:
    report = Report(Source(file, ""), kind)
    if len(data) > MAX_FILE_BYTES:
        report.error(
            "SYN009",
            "not-a-flow",
            0,
            1,
            f"The file has more than {MAX_FILE_BYTES:,} bytes, and no more are read.",
            help=kind.split,
        )
        return report, None
    body = data.removeprefix(codecs.BOM_UTF8)
    try:
        return Report(Source(file, text := body.decode()), kind), text
    except UnicodeDecodeError as error:
        before = body[: error.start].decode()
        report = Report(Source(file, before + "?"), kind)
        report.error(
            "SYN009",
            "not-a-flow",
            len(before),
            len(before) + 1,
            f"Byte {len(data) - len(body) + error.start + 1} (0x{body[error.start]:02x}) is not UTF-8.",
            help="Save the file as UTF-8.",
        )
        return report, None


class _Reader:
    def __init__(self, report: Report, text: str) -> None:
        self._report = report
        self._kind = report.kind
        self._count = 0
        self._event: Callable[[], Any] = _LOADER(text).get_event
        """The next one. Asked without a generator between, since there are many."""
        self._text = text

    def document(self) -> Node | None:
        self._event()
        if isinstance(self._event(), StreamEndEvent):
            self._report.error(
                "SYN009",
                "not-a-flow",
                0,
                1,
                "The file is empty.",
                help=self._kind.begins,
            )
            return None
        root = self._node(self._event(), 1)
        self._event()
        after = self._event()
        if not isinstance(after, StreamEndEvent):
            self._error(
                after,
                "SYN009",
                "not-a-flow",
                "A file holds one document; a second one begins here.",
                "Remove the `---`.",
            )
        return root

    def _node(self, event: Any, depth: int) -> Node:
        self._count += 1
        if self._count > MAX_YAML_NODES or depth > MAX_YAML_DEPTH:
            self._refuse_size(event)
        kind = type(event)
        if kind is AliasEvent:
            return self._alias(event)
        if event.anchor or event.tag:
            self._refuse_properties(event)
        if kind is ScalarEvent:
            return _scalar(event)
        return self._mapping(event, depth) if kind is MappingStartEvent else self._sequence(event, depth)

    def _refuse_size(self, event: Any) -> NoReturn:
        if self._count > MAX_YAML_NODES:
            self._refuse(event, f"The file has more than {MAX_YAML_NODES:,} values.", self._kind.split)
        self._refuse(event, f"Nested deeper than {MAX_YAML_DEPTH} levels.", "Flatten it.")

    def _alias(self, event: Any) -> Scalar:
        self._trap(
            event,
            f"`*{event.anchor}` is a YAML alias; {self._kind.none}.",
            f"{self._kind.share}; a text that begins with `*` stands in quotes.",
        )
        return Scalar(value=None, text="", start=_start(event), end=_end(event))

    def _refuse_properties(self, event: Any) -> None:
        if event.anchor:
            self._trap(
                event,
                f"`&{event.anchor}` is a YAML anchor; {self._kind.none}.",
                f"{self._kind.share}; a text that begins with `&` stands in quotes.",
            )
        if event.tag:
            self._trap(
                event,
                f"An unquoted `!` begins a YAML tag, here `{event.tag}`.",
                f"Quote the whole value: {quoted(self._report.source.line_after(_start(event)))}.",
            )

    def _mapping(self, start: Any, depth: int) -> Mapping:
        entries: list[tuple[Scalar, Node]] = []
        seen: dict[str, Scalar] = {}
        following, node = self._event, self._node
        while type(event := following()) is not MappingEndEvent:
            key = node(event, depth + 1)
            if isinstance(key, Scalar) and key.text == "<<" and key.plain:
                self._refuse_merge(key, depth)
                continue
            value = node(following(), depth + 1)
            if isinstance(key, Scalar) and key.text not in seen:
                seen[key.text] = key
                entries.append((key, value))
            else:
                self._refuse_key(key, seen)
        return Mapping(entries=tuple(entries), start=_start(start), end=_end(event))

    def _refuse_merge(self, key: Scalar, depth: int) -> None:
        """One finding: nothing is said of what is merged."""
        self._report.node_error(
            "SYN004", "yaml-trap", key, f"Merge keys (`<<`) are {self._kind.not_part}.", help=f"{self._kind.share}."
        )
        event = self._event()
        self._report.close(key.start, _end(event))
        self._node(event, depth + 1)

    def _refuse_key(self, key: Node, seen: dict[str, Scalar]) -> None:
        if not isinstance(key, Scalar):
            self._report.node_error("SYN005", "wrong-type", key, "A key must be a single word.")
        else:
            first = self._report.source.span(seen[key.text].start, seen[key.text].end)
            self._report.node_error(
                "SYN002",
                "duplicate-key",
                key,
                f"`{key.text}` stands here twice; the first is on line {first.line}.",
                help="Remove or rename one of them.",
            )

    def _sequence(self, start: Any, depth: int) -> Sequence:
        items: list[Node] = []
        while type(event := self._event()) is not SequenceEndEvent:
            items.append(self._node(event, depth + 1))
        return Sequence(items=tuple(items), start=_start(start), end=_end(event))

    def _trap(self, event: Any, message: str, advice: str) -> None:
        """Something of YAML that the language leaves out. Reading goes on, but nothing more is said of the value. Of a mapping or
        list its first word is marked, as its event ends where the first entry begins."""
        start, end = _start(event), _end(event)
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            end = next((at for at in range(start, end) if self._text[at].isspace()), end)
        self._report.error("SYN004", "yaml-trap", start, max(end, start + 1), message, help=advice)
        self._report.close_place(start)

    def _refuse(self, event: Any, message: str, advice: str) -> NoReturn:
        self._error(event, "SYN009", "not-a-flow", message, advice)
        raise _Refused

    def _error(self, event: Any, code: str, name: str, message: str, advice: str) -> None:
        self._report.error(code, name, _start(event), max(_end(event), _start(event) + 1), message, help=advice)


def _scalar(event: Any) -> Scalar:
    text, style = event.value, event.style
    return Scalar(
        value=text if style else resolve(text),
        text=text,
        start=event.start_mark.index,
        end=event.end_mark.index,
        plain=not style,
        block=style in ("|", ">"),
    )


def _start(event: Any) -> int:
    index: int = event.start_mark.index
    return index


def _end(event: Any) -> int:
    index: int = event.end_mark.index
    return index
