"""A file that is to be made wrong: its text, its located nodes, and edits of them that leave the rest as it is."""

import re
from collections.abc import Iterator

from msgspec import Struct

from engine.compile import yaml_reader
from engine.compile.located import Mapping, Node, Scalar, Sequence, child, walk
from engine.model.verbs import VERB

_EMPTY = Mapping(entries=(), start=0, end=0)


class Edit(Struct, frozen=True, order=True):
    """Replaces the characters from `start` to `end`."""

    start: int
    end: int
    text: str = ""


class Step(Struct, frozen=True):
    """A step as it stands in the file; `value` is what its verb takes."""

    name: str
    key: Scalar
    node: Mapping
    verb: str
    value: Node

    @property
    def next(self) -> Node | None:
        return self.node.get("next")


class Document:
    """`path` is relative to the folder of flows (`lib/rate.flow.yaml`)."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        root, _ = yaml_reader.read(path, text.encode())
        self.root = root if isinstance(root, Mapping) else _EMPTY

    @property
    def steps(self) -> list[Step]:
        found = []
        for key, node in self.section("steps").entries:
            entries = node.entries if isinstance(node, Mapping) else ()
            verb = next(((name.text, value) for name, value in entries if name.text in VERB), None)
            if verb is not None and isinstance(node, Mapping):
                found.append(Step(key.text, key, node, *verb))
        return found

    def of_verb(self, *verbs: str) -> Iterator[Step]:
        return (step for step in self.steps if step.verb in verbs)

    def step(self, name: str) -> Step | None:
        return next((step for step in self.steps if step.name == name), None)

    def section(self, *path: str | int) -> Mapping:
        """The mapping at the path, or an empty one."""
        found = self.at(*path)
        return found if isinstance(found, Mapping) else _EMPTY

    def at(self, *path: str | int) -> Node | None:
        return below(self.root, *path)

    def scalars(self, node: Node | None = None) -> Iterator[Scalar]:
        return (scalar for _, scalar in walk(node or self.root))

    @staticmethod
    def scalars_of(node: Node | None) -> Iterator[Scalar]:
        return (scalar for _, scalar in walk(node)) if node is not None else iter(())

    def source(self, node: Node) -> str:
        """The characters of a scalar, with its quotes."""
        return self.text[node.start : node.end]

    # Edits

    def put(self, node: Node, text: str) -> Edit:
        """In the place of a value. A block takes the rest of its lines with it."""
        if isinstance(node, Scalar) or self.text[node.start] in "{[":
            return Edit(node.start, node.start + len(self.text[node.start : node.end].rstrip()), text)
        start, end = self._block(node)
        return Edit(start, end, text)

    def put_text(self, start: int, end: int, text: str) -> Edit:
        return Edit(start, min(end, len(self.text)), text)

    def put_entry(self, mapping: Mapping, key: str, entry: str) -> Edit:
        start, end = self.entry(mapping, key)
        return Edit(start, end, entry)

    def entry(self, mapping: Mapping, key: str) -> tuple[int, int]:
        """From the key to the end of its value, in either style."""
        name, value = mapping.key(key), mapping.get(key)
        assert name is not None
        assert value is not None
        if self._is_inline(mapping) or self._ends_inline(value):
            return name.start, max(value.end, name.end)
        return name.start, self._end_of_lines(name.start)

    def drop(self, mapping: Mapping, key: str) -> Edit | None:
        """Without the entry; None where the mapping would be left with nothing or its dash."""
        keys = [name.text for name, _ in mapping.entries]
        if key not in keys or len(keys) < 2:
            return None
        index = keys.index(key)
        start, end = self.entry(mapping, key)
        if not self._is_inline(mapping):
            line = self.line_start(start)
            if self.text[line:start].strip():
                return None
            return Edit(line, self._end_of_lines(start) + 1)
        if index + 1 < len(keys):
            return Edit(start, mapping.entries[index + 1][0].start)
        before = self.entry(mapping, keys[index - 1])[1]
        return Edit(before, end)

    def drop_item(self, items: Sequence, index: int) -> Edit | None:
        """Without one item of a list that has others."""
        if len(items.items) < 2:
            return None
        item = items.items[index]
        if self.text[items.start] == "[":
            if index + 1 < len(items.items):
                return Edit(item.start, items.items[index + 1].start)
            return Edit(items.items[index - 1].end, item.end)
        dash = self.text.rindex("-", 0, item.start)
        return Edit(self.line_start(dash), self._end_of_lines(dash) + 1)

    def add(self, mapping: Mapping, entry: str) -> Edit | None:
        """`key: value` before the first entry, in the mapping's own style."""
        if self.text[mapping.start : mapping.start + 1] == "{":
            return Edit(mapping.start + 1, mapping.start + 1, f"{entry}, " if mapping.entries else entry)
        if not mapping.entries:
            return None
        at = mapping.entries[0][0].start
        indent = " " * (at - self.line_start(at))
        return Edit(at, at, entry.replace("\n", f"\n{indent}") + f"\n{indent}")

    def add_step(self, name: str, body: str) -> Edit | None:
        """A step before the first one. The body's lines are indented as a step's are."""
        steps = self.section("steps")
        if not steps.entries or self._is_inline(steps):
            return None
        at = steps.entries[0][0].start
        indent = " " * (at - self.line_start(at))
        lines = "".join(f"{indent}  {line}\n" for line in body.splitlines())
        return Edit(at, at, f"{name}:\n{lines}{indent}")

    def body(self, step: Step) -> str:
        """What a step says, without its indentation: to be said again by `add_step`."""
        if self._is_inline(step.node):
            return ""
        start = self.line_start(step.node.entries[0][0].start)
        lines = self.text[start : self._end_of_lines(step.key.start)].splitlines()
        indent = len(lines[0]) - len(lines[0].lstrip())
        return "\n".join(line[indent:] for line in lines)

    # Who goes where

    def targets(self, step: Step) -> Iterator[tuple[str, Scalar]]:
        """The names of steps that this one goes to, each with its outcome (or what it is called otherwise)."""
        yield from _targets(step.next, "next")
        yield from _targets(below(step.node, "visits", "next"), "visits.next")
        if step.verb == "branch" and isinstance(step.value, Sequence):
            for item in step.value.items:
                for word in ("next", "else"):
                    yield from _targets(below(item, word), word)
        for key, choice in self._choices(step):
            yield from _targets(below(choice, "next"), key.text)

    def every_target(self) -> Iterator[tuple[str, Scalar]]:
        """With the place that names it: `menu.balance`, `start`, `handlers.error`, `limits.next`."""
        for step in self.steps:
            for outcome, scalar in self.targets(step):
                yield f"{step.name}.{outcome}", scalar
        yield from _targets(self.at("start"), "start")
        yield from _targets(self.at("limits", "next"), "limits.next")
        for key, node in self.section("handlers").entries:
            yield from _targets(node, f"handlers.{key.text}")
        for key, node in self.section("defaults", "choices").entries:
            yield from _targets(below(node, "next"), f"defaults.choices.{key.text}")

    def led_elsewhere(self, name: str, target: str) -> list[Edit]:
        """Everybody who goes to the step goes to the other one."""
        return [self.put(one, target) for _, one in self.every_target() if one.text == name and target != name]

    def plain_next(self, step: Step) -> str:
        """The step that this one goes to, whatever its ordinary outcome; "" where it depends."""
        named = {
            one.text for outcome, one in _targets(step.next, "next") if outcome not in ("error", "rejected", "lost")
        }
        return named.pop() if len(named) == 1 and named.isdisjoint({step.name, "resume"}) else ""

    def _choices(self, step: Step) -> tuple[tuple[Scalar, Node], ...]:
        found = below(step.value, "choices") if step.verb == "ask" else None
        return found.entries if isinstance(found, Mapping) else ()

    # Lines

    def line_start(self, offset: int) -> int:
        return self.text.rfind("\n", 0, offset) + 1

    def _is_inline(self, mapping: Mapping) -> bool:
        return self.text[mapping.start : mapping.start + 1] == "{"

    def _ends_inline(self, value: Node) -> bool:
        return (isinstance(value, Scalar) and not value.block) or self.text[value.start : value.start + 1] in ("{", "[")

    def _block(self, node: Node) -> tuple[int, int]:
        first = node.entries[0][0].start if isinstance(node, Mapping) else node.start
        line = self.line_start(first)
        indent = re.match(" *-?", self.text[line:first])
        return first, self._end_of_lines(first, of=len(indent[0]) if indent else None, same=True)

    def _end_of_lines(self, start: int, of: int | None = None, *, same: bool = False) -> int:
        """Where what begins here ends: before the first line that is not further in. `same`: that is as far in still belongs."""
        line = self.line_start(start)
        column = start - line if of is None else of
        is_item = self.text[start] == "-"
        end = last = self._line_end(start)
        while end < len(self.text):
            following = self.text[end + 1 : self._line_end(end + 1)]
            inside = len(following) - len(following.lstrip())
            level = same or (not is_item and following.lstrip().startswith("- "))
            belongs = inside > column or (inside == column and level)
            if following.strip() and not belongs:
                break
            end = self._line_end(end + 1)
            last = end if following.strip() else last
        return last

    def _line_end(self, offset: int) -> int:
        found = self.text.find("\n", offset)
        return found if found >= 0 else len(self.text)


def applied(text: str, edits: list[Edit]) -> str:
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def below(node: Node | None, *path: str | int) -> Node | None:
    for part in path:
        node = child(node, part) if node is not None else None
    return node


def text_of(node: Node | None, *path: str | int) -> str:
    found = below(node, *path)
    return found.text if isinstance(found, Scalar) else ""


def _targets(node: Node | None, name: str) -> Iterator[tuple[str, Scalar]]:
    if isinstance(node, Scalar):
        yield name, node
    elif isinstance(node, Mapping):
        for key, value in node.entries:
            if isinstance(value, Scalar):
                yield key.text, value
