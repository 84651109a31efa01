"""What of the pages is made from the schemas, the table of verbs and the rules; `python -m tests.docs.generated` writes it anew.

docs/commands.md, docs/rules/ (tests/docs/rules.py) and the picture of a flow as a whole, and in docs/language.md the tables of params, each between two comments:

    <!-- params: detect -->
    <!-- /params -->
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from engine import resources
from engine.compile import compile_bundle
from engine.compile.schemas import Schema, schema
from engine.diagram import draw
from engine.diagram.svg import svg
from engine.model.verbs import VERB, VERBS, Verb
from engine.project import flows
from tests.architecture.source import ROOT
from tests.docs import rules

COMMANDS = ROOT / "docs" / "commands.md"
LANGUAGE = ROOT / "docs" / "language.md"
PICTURE = ROOT / "docs" / "pictures" / "reception.svg"


# docs/language.md: the params of a verb

_PART = re.compile(r"(?<=<!-- params: )([\w.]+)( -->\n).*?(?=<!-- /params -->)", re.DOTALL)
_DEFAULT = re.compile(r"Default: (.*?)\.(?= [A-Z]|$)")


class Param(NamedTuple):
    """A row: `of` is the kind of value that alone has it (`type: rtp`)."""

    name: str
    means: str
    default: str
    of: str = ""


def language(text: str) -> str:
    """The page, its tables written anew."""
    return _PART.sub(lambda part: f"{part[1]}{part[2]}{table(VERB[part[1]])}", text)


def table(verb: Verb) -> str:
    rows = [("param", "meaning, unit, bounds", "default")]
    for one in params(schema(f"verbs/{verb.name}.schema.json")):
        rows.append((f"`{one.name}`", f"{one.of and f'With {one.of}. '}{one.means}", one.default))
    return _table(rows)


def params(found: Schema, prefix: str = "", of: str = "") -> Iterator[Param]:
    """The keys of a value and what is in them, as long as there is one shape to tell; reserved ones are left out."""
    branches = [one for one in found.get("anyOf", ()) if _told(one)]
    if _told(found):
        yield from _of_mapping(found, prefix, of)
    elif len(branches) == 1:
        yield from _of_mapping(branches[0], prefix, of)
    elif branches:
        yield from _of_kinds(branches, prefix)
    elif _told(found.get("items", {})):
        yield from params(found["items"], f"{prefix.removesuffix('.')}[].", of)
    elif _told(found.get("additionalProperties") or {}):
        yield from params(found["additionalProperties"], f"{prefix}<name>.", of)


def _told(branch: Schema) -> bool:
    return "properties" in branch and branch.get("title") != "SWML document" and not branch.get("x-planned")


def _of_mapping(found: Schema, prefix: str, of: str, required: frozenset[str] | None = None) -> Iterator[Param]:
    required = frozenset(found.get("required", ())) if required is None else required
    for name, one in found["properties"].items():
        if one.get("x-planned"):
            continue
        inside = [*params(one, f"{prefix}{name}.", of)]
        if not (of and inside):
            yield _param(f"{prefix}{name}", one, name in required, of)
        yield from inside


def _param(name: str, found: Schema, required: bool, of: str) -> Param:
    described = str(found["description"])
    default = _DEFAULT.search(described)
    means = _DEFAULT.sub("", described).strip().replace("  ", " ")
    values = [f"`{one}`" for one in found.get("items", found).get("enum", ())]
    if "const" in found:
        means = f"`{found['const']}`: there is nothing else."
    elif not all(one in means for one in values):
        means = f"{means} {', '.join(values)}."
    return Param(name, means, default[1] if default else "required" if required else "", of)


def _of_kinds(branches: list[Schema], prefix: str) -> Iterator[Param]:
    """A union: what all kinds have comes first, once; a key that tells the kinds apart has their names."""
    shared = frozenset.intersection(*(frozenset(one.get("required", ())) for one in branches))
    tag = next((key for key in sorted(shared) if all("const" in one["properties"][key] for one in branches)), "")
    rows = []
    for one in branches:
        kind = f"`{tag}: {one['properties'][tag]['const']}`" if tag else ""
        rows.append([row for row in _of_mapping(one, prefix, kind, shared) if row.name != f"{prefix}{tag}"])
    if tag:
        kinds = ", ".join(f"`{one['properties'][tag]['const']}`" for one in branches)
        yield Param(f"{prefix}{tag}", f"{kinds}.", "required")
    common = [row._replace(of="") for row in rows[0] if all(_has(other, row) for other in rows[1:])]
    yield from common
    for one_kind in rows:
        yield from (row for row in one_kind if not _has(common, row))


def _has(rows: list[Param], wanted: Param) -> bool:
    return wanted._replace(of="") in [row._replace(of="") for row in rows]


# docs/commands.md: every command

_INTRO = """\
# Commands

Every command of the calling API, and the step that sends it. [The language](language.md#verbs) has a section for each
verb. This page is made from the table of verbs (`engine/model/rows/`) and the schemas;
`python -m tests.docs.generated` writes it anew.

| column | what it says |
|---|---|
| step | the verb with a short value, as an example; `…` is left out here |
| runs | *waits*: the step is over when the operation is, or with `background: true` when the platform has accepted it. *waits, no background*: the former only. *in the background*: always the latter; `wait` on the step's name for the end. *until answered*: one request and its answer. *ends the run*: so does its acceptance. *until it is back*: the call is away in SWML meanwhile |
| outcomes | the ordinary ones; `error`, `rejected` and `lost` come on top |
| webhooks | the states and results that the platform reports; none: the answer is all there is |
| again | may it be sent again when a crash has left its answer unknown? *yes*: twice is as good as once. *unseen*: with the same `control_id`, as long as nothing was heard of it and the call lives. *no*: it is looked up, and then `lost` |
| source | the schema of the params, and the date of the vendor's page that it was made from |
"""

_AGAIN = {"safe": "yes", "while_unseen": "unseen", "never": "no"}
_WIDEST = 64
_PLAIN = re.compile(r"[A-Za-z][\w.-]*( [\w.-]+)*")


def commands() -> str:
    rows: list[tuple[str, ...]] = [("command", "step", "runs", "outcomes", "webhooks", "again", "source")]
    rows += [_command(verb) for verb in VERBS if verb.command]
    return f"{_INTRO}\n{_table(rows)}"


def _command(verb: Verb) -> tuple[str, ...]:
    again = "yes" if verb.name == "end" else _AGAIN[verb.repeat]
    outcomes = ", ".join(f"`{one}`" for one in verb.outcomes) or "none"
    return (f"`{verb.command}`", f"`{_step(verb)}`", _runs(verb), outcomes, _webhooks(verb), again, _source(verb))


def _runs(verb: Verb) -> str:
    match verb.shape:
        case "operation" if verb.ending:
            return "waits, no background"
        case "operation":
            return "waits" if verb.background == "may" else "in the background"
        case "order":
            return "until answered"
        case "own":
            return "until it is back"
        case _:
            return "ends the run"


def _webhooks(verb: Verb) -> str:
    if verb.life is None:
        return "none"
    lives = (verb.life, *verb.modes.values())
    marks = dict.fromkeys(mark for life in lives for mark in (*life.progress, *life.results, *life.ends))
    return ", ".join(f"`{mark}`" for mark in marks)


def _source(verb: Verb) -> str:
    name = f"schemas/calling/{verb.command.removeprefix('calling.')}.schema.json"
    source = json.loads(resources.read_bytes(name))["x-source"]
    return f"[{source.rpartition('(')[2].removesuffix(')')}](../{name})"


def _step(verb: Verb) -> str:
    """The first of the schema's examples that is short, or else the first, cut."""
    examples = schema(f"verbs/{verb.name}.schema.json")["examples"]
    whole = (_flow(example) for example in examples)
    cut = (_flow(examples[0], depth, longest=24) for depth in (3, 2, 1))
    return f"{verb.name}: {next(one for one in (*whole, *cut) if len(one) <= _WIDEST)}"


def _flow(value: Any, depth: int = 9, longest: int = _WIDEST) -> str:
    """A value as YAML in one line; what is deeper or longer is left out."""
    if (isinstance(value, dict | list) and value and depth == 0) or (isinstance(value, str) and len(value) > longest):
        return "…"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_flow(one, depth - 1, longest)}' for key, one in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(_flow(one, depth - 1, longest) for one in value)}]"
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    head, *rest = (f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |\n" for row in rows)
    return "".join([head, f"|{'---|' * len(rows[0])}\n", *rest])


# docs/pictures: a flow as `offhook graph` draws it


def picture() -> str:
    graph = compile_bundle(flows.read(ROOT / "flows" / "reception.flow.yaml").bundle).graph
    assert graph is not None
    return svg([draw(graph, file="flows/reception.flow.yaml")])


if __name__ == "__main__":
    COMMANDS.write_text(commands(), encoding="utf-8")
    LANGUAGE.write_text(language(LANGUAGE.read_text(encoding="utf-8")), encoding="utf-8")
    PICTURE.write_text(picture(), encoding="utf-8")
    rules.write()
