"""A case with one fault more, in its author's own words: to be pasted beside it."""

from collections.abc import Container, Iterator

from engine.compile.located import Mapping, Node, Scalar, Sequence
from engine.exchange.faults import Fault
from engine.simulate.cases import golden, writing
from engine.simulate.cases.case import Case
from engine.simulate.cases.expected import is_of_an_order, named
from engine.simulate.cases.given import as_json
from engine.simulate.cases.golden import Edit
from engine.simulate.shaken.playing import Shaken

_WORDS = {"duplicate": "{} twice", "delay": "{} slow", "late": "the answer to {} slow"}


def words(fault: Fault) -> str:
    """What happens, such as `play.finished slow`."""
    which = f" (the {fault.nth}th)" if fault.nth > 3 else ("", "", " (the second)", " (the third)")[fault.nth]
    return _WORDS[fault.do].format(fault.kind) + which


def case(found: Shaken, remark: str, names: Container[str]) -> str:
    """The lines of the case, as they stand in its file, under another name, without what depends on its own order
    and moments."""
    own = found.case.case
    text, start = own.source.text, own.key.start
    renamed = Edit(own.key.start, own.key.end, writing.quoted(_name(f"{own.name}, {words(found.fault)}", names)))
    edits = [renamed, *_at_one_moment(own), _faulty(found), *_in_any_order(own.node.get("expect"), text)]
    moved = [Edit(one.start - start, one.end - start, one.text) for one in edits]
    body = golden.apply(text[start : _end(text, own.node)], moved).replace("\r\n", "\n")
    indent = _indent(text, start)
    return f"{indent}# {remark}\n{indent}{body}\n"


def _name(wanted: str, names: Container[str]) -> str:
    name, count = wanted, 1
    while name in names:
        count += 1
        name = f"{wanted} {count}"
    return name


def _at_one_moment(own: Case) -> Iterator[Edit]:
    at, moment, text = own.node.get("at"), own.moment, own.source.text
    if isinstance(at, Sequence) and moment is not None:
        yield Edit(at.start, _end(text, at), text[moment.start : moment.end])


def _faulty(found: Shaken) -> Edit:
    node, text = found.case.case.node, found.case.case.source.text
    every = (*found.case.given.scenario.faults, found.fault)
    entry = f"faults: [{', '.join(map(writing.fault, every))}]"
    key, own = node.key("faults"), node.get("faults")
    if key is not None and own is not None:
        return Edit(key.start, _end(text, own), entry)
    if text[node.start] == "{":
        return Edit(node.start + 1, node.start + 1, entry + (", " if node.entries else ""))
    before = node.key("expect") or node.entries[0][0]
    return Edit(before.start, before.start, f"{entry}\n{_indent(text, before.start)}")


def _in_any_order(expect: Node | None, text: str) -> Iterator[Edit]:
    """Without what depends on the order that the case has by itself."""
    entries = expect.entries if isinstance(expect, Mapping) else ()
    starts = [key.start for key, _ in entries]
    kept = {key.text: _kept(key, node) for key, node in entries}
    for (key, node), after in zip(entries, [*starts[1:], None], strict=True):
        if kept[key.text] is not None:
            yield from _fewer(key, node, kept[key.text] or [], text)
        elif not any(one is not None for one in kept.values()):
            yield Edit(key.start, _end(text, node), "laws: [sound]")
        elif after is not None:
            yield Edit(key.start, after, "")
        else:
            yield Edit(max(text.rfind(",", 0, key.start), text.rfind("\n", 0, key.start)), _end(text, node), "")


def _kept(key: Scalar, node: Node) -> list[Node] | None:
    """None: nothing of it."""
    if key.text == "transcript":
        return None
    if key.text != "commands" or not isinstance(node, Sequence):
        return [node]
    return [one for one in node.items if not is_of_an_order(named(one)[0])] or None


def _fewer(key: Scalar, node: Node, kept: list[Node], text: str) -> Iterator[Edit]:
    if key.text == "commands" and isinstance(node, Sequence) and len(kept) < len(node.items):
        entries = ", ".join(map(writing.flow, map(as_json, kept)))
        yield Edit(key.start, _end(text, node), f"commands: [{entries}]")


def _end(text: str, node: Node) -> int:
    """Of what is said: comments and blanks that follow it are not."""
    if isinstance(node, Scalar) or text[node.start] in "{[":
        return node.start + len(text[node.start : node.end].rstrip())
    last = node.entries[-1][1] if isinstance(node, Mapping) else node.items[-1]
    return _end(text, last)


def _indent(text: str, offset: int) -> str:
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line if not line.strip() else "  "
