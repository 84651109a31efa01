"""Bytes to located nodes. The only importer of yaml.

libyaml is used for its events only: its composer recurses in C and crashes on deep nesting. Depth
and number of nodes are capped here, aliases and tags are refused, keys must be unique texts.
"""

from collections.abc import Iterator
from typing import Any

import yaml

from engine.compile.located import Mapping, Node, Scalar, Sequence, Source
from engine.compile.report import Report
from engine.compile.scalars import resolve
from engine.model.limits import MAX_FILE_BYTES, MAX_YAML_DEPTH, MAX_YAML_NODES

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Refused(Exception):
    """The document cannot be read on; the report says why."""


def read(file: str, data: bytes) -> tuple[Node | None, Report]:
    """The document's root, or None when the report has a reason why not."""
    report, text = _decode(file, data)
    if text is None:
        return None, report
    try:
        return _Reader(report, text).document(), report
    except _Refused:
        return None, report
    except yaml.YAMLError as error:
        _syntax(report, text, error)
        return None, report


def _decode(file: str, data: bytes) -> tuple[Report, str | None]:
    report = Report(Source(file, ""))
    if len(data) > MAX_FILE_BYTES:
        report.error(
            "SYN009",
            "not-a-flow",
            0,
            1,
            f"The file has {len(data):,} bytes; at most {MAX_FILE_BYTES:,} are read.",
            help="Split the flow into several.",
        )
        return report, None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        report = Report(Source(file, before + "?"))
        report.error(
            "SYN009",
            "not-a-flow",
            len(before),
            len(before) + 1,
            f"Byte {error.start + 1} (0x{data[error.start]:02x}) is not UTF-8.",
            help="Save the file as UTF-8.",
        )
        return report, None
    return Report(Source(file, text)), text


class _Reader:
    def __init__(self, report: Report, text: str) -> None:
        self._report = report
        self._count = 0
        self._events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)

    def document(self) -> Node | None:
        next(self._events)
        if isinstance(next(self._events), yaml.StreamEndEvent):
            self._report.error("SYN009", "not-a-flow", 0, 1, "The file is empty.")
            return None
        root = self._node(next(self._events), 1)
        next(self._events)
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            self._refuse(after, "A file holds one document; a second one begins here.", "Remove the `---`.")
        return root

    def _node(self, event: Any, depth: int) -> Node:
        self._count += 1
        if self._count > MAX_YAML_NODES:
            self._refuse(event, f"The file has more than {MAX_YAML_NODES:,} values.", "Split the flow.")
        if depth > MAX_YAML_DEPTH:
            self._refuse(event, f"Nested deeper than {MAX_YAML_DEPTH} levels.", "Flatten it.")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self._refuse(
                event,
                "Anchors (`&`) and aliases (`*`) are not part of the language.",
                "Put what is shared into `defaults`, and quote a text that begins with `*` or `&`.",
            )
        if getattr(event, "tag", None):
            self._refuse(
                event,
                f"`{event.tag}` is a YAML tag, because an unquoted value begins with `!`.",
                'Quote the whole value: if: "!x".',
            )
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, depth)
        return self._sequence(event, depth)

    def _scalar(self, event: Any) -> Scalar:
        plain = event.style is None or event.style == ""
        return Scalar(
            value=resolve(event.value) if plain else event.value,
            text=event.value,
            start=event.start_mark.index,
            end=event.end_mark.index,
            plain=plain,
            block=event.style in ("|", ">"),
        )

    def _mapping(self, start: Any, depth: int) -> Mapping:
        entries: list[tuple[Scalar, Node]] = []
        seen: dict[str, Scalar] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if not isinstance(key, Scalar):
                self._report.node_error("SYN005", "wrong-type", key, "A key must be a single word.")
                continue
            if key.text == "<<" and key.plain:
                self._report.node_error("SYN004", "yaml-trap", key, "Merge keys (`<<`) are not part of the language.")
                continue
            if key.text in seen:
                first = self._report.source.span(seen[key.text].start, seen[key.text].end)
                self._report.node_error(
                    "SYN002",
                    "duplicate-key",
                    key,
                    f"`{key.text}` stands here twice; the first is on line {first.line}.",
                    help="Remove or rename one of them.",
                )
                continue
            seen[key.text] = key
            entries.append((key, value))
        return Mapping(entries=tuple(entries), start=start.start_mark.index, end=_end(event))

    def _sequence(self, start: Any, depth: int) -> Sequence:
        items: list[Node] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return Sequence(items=tuple(items), start=start.start_mark.index, end=_end(event))

    def _refuse(self, event: Any, message: str, help: str) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        self._report.error("SYN004", "yaml-trap", start, max(end, start + 1), message, help=help)
        raise _Refused


def _end(event: Any) -> int:
    index: int = event.end_mark.index
    return index


def _syntax(report: Report, text: str, error: yaml.YAMLError) -> None:
    """YAML's own words for a mistake, and what usually causes it."""
    mark = getattr(error, "problem_mark", None)
    index = min(mark.index if mark is not None else 0, max(len(text) - 1, 0))
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    report.error("SYN001", "yaml-error", index, index + 1, f"YAML: {problem}.", help=_hint(text, index, problem))


def _hint(text: str, index: int, problem: str) -> str:
    start = text.rfind("\n", 0, index) + 1
    end = text.find("\n", index)
    line = text[start : end if end >= 0 else len(text)]
    if "\t" in line[: len(line) - len(line.lstrip())] or ("cannot start any token" in problem and "\t" in line):
        return "The line is indented with a tab; YAML wants spaces."
    if "mapping values are not allowed" in problem:
        return "A text with `: ` in it must be quoted."
    if "escape" in problem:
        return "In double quotes a backslash is written \\\\; or use single quotes: '\\d'."
    if "flow" in problem and ("{" in line or "[" in line):
        return "Inside `{ }` and `[ ]` a text with a comma, colon or bracket must be quoted."
    return "Check the indentation and the quotes of this line and the one above."
