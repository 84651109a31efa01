"""A case with one fault more, in its author's own words: to be pasted beside it."""

from collections.abc import Container, Iterator

from engine.compile.located import Mapping, Node, Scalar, Sequence
from engine.exchange.faults import Fault
from engine.simulate.cases import golden, writing
from engine.simulate.cases.case import Case
from engine.simulate.cases.golden import Edit
from engine.simulate.shaken.playing import Shaken

_WORDS = {"duplicate": "{} twice", "delay": "{} slow", "late": "the answer to {} slow"}


def words(fault: Fault) -> str:
    """What happens, such as `play.finished slow`."""
    which = f" (the {fault.nth}th)" if fault.nth > 3 else ("", "", " (the second)", " (the third)")[fault.nth]
    return _WORDS[fault.do].format(fault.kind) + which


def case(found: Shaken, remark: str, names: Container[str]) -> str:
    """The lines of the case, as they stand in its file, under another name. A transcript that it keeps is left out."""
    own = found.case.case
    text, start = own.source.text, own.key.start
    renamed = Edit(own.key.start, own.key.end, writing.quoted(_name(f"{own.name}, {words(found.fault)}", names)))
    edits = [renamed, *_at_one_moment(own), _faulty(found), *_without_transcript(own.node.get("expect"), text)]
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


def _without_transcript(expect: Node | None, text: str) -> Iterator[Edit]:
    if not isinstance(expect, Mapping):
        return
    places = [key.start for key, _ in expect.entries]
    for (key, node), after in zip(expect.entries, [*places[1:], None], strict=True):
        if key.text == "transcript":
            if len(places) == 1:
                yield Edit(key.start, _end(text, node), "laws: [sound]")
            elif after is not None:
                yield Edit(key.start, after, "")
            else:
                yield Edit(text.rfind("\n", 0, key.start), _end(text, node), "")


def _end(text: str, node: Node) -> int:
    """Of what is said: comments and blanks that follow it are not."""
    if isinstance(node, Scalar) or text[node.start] in "{[":
        return node.start + len(text[node.start : node.end].rstrip())
    last = node.entries[-1][1] if isinstance(node, Mapping) else node.items[-1]
    return _end(text, last)


def _indent(text: str, offset: int) -> str:
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line if not line.strip() else "  "
