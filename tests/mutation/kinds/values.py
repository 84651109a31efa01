"""Variables, expressions and texts."""

import re
from collections.abc import Iterator
from itertools import pairwise

from engine.compile.located import Mapping, Node, Scalar
from tests.mutation.document import Document, Edit, Step, below, text_of
from tests.mutation.kinds.listening import _left_out
from tests.mutation.mutant import Mutation, kind, mutation

_FIELD = re.compile(r"steps\.(\w+)\.(\w+(?:\.\w+)*)")
_OR = re.compile(r"\bor\(([\w.]+), ([^()]+)\)")
_TAKEN = {"true": "false", "false": "true"}


@kind("The step that sets a variable is left out.", notices="the old value is said, sent or counted")
def set_dropped(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("set"):
        yield _left_out(of, step)


@kind("One variable of several is not set any more.", notices="the old value is said, sent or counted")
def one_not_set(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("set"):
        for name, _ in step.value.entries if isinstance(step.value, Mapping) else ():
            assert isinstance(step.value, Mapping)
            yield mutation(f"{step.name}.{name.text}", "not set", of.drop(step.value, name.text))


@kind("A variable has no value to begin with.", notices="an error where it is read first")
def initial_dropped(of: Document) -> Iterator[Mutation | None]:
    types = {bool: "bool", int: "int", float: "double", str: "string"}
    for name, node in of.section("vars").entries:
        edit: Edit | None
        if isinstance(node, Scalar) and type(node.value) in types:
            edit = of.put(node, f"{{type: {types[type(node.value)]}}}")
        else:
            edit = of.drop(node, "initial") if isinstance(node, Mapping) else None
        yield mutation(f"vars.{name.text}", "without a value", edit)


@kind("A variable is not declared.", notices="nothing: the flow is refused")
def variable_not_declared(of: Document) -> Iterator[Mutation | None]:
    declared = of.section("vars")
    for name, _ in declared.entries:
        yield mutation(f"vars.{name.text}", "not declared", of.drop(declared, name.text))


@kind("A counter does not count.", notices="a loop that was bounded goes on for much longer")
def counter_stands_still(of: Document) -> Iterator[Mutation | None]:
    yield from _rewritten(of, r"(vars\.\w+) \+ 1\b", r"\1", "does not count")


@kind("A variable is set to a value of another type.", notices="nothing: the flow is refused")
def set_to_another_type(of: Document) -> Iterator[Mutation | None]:
    texts = {name.text for name, node in of.section("vars").entries if _is_text(node)}
    for step in of.of_verb("set"):
        for name, node in step.value.entries if isinstance(step.value, Mapping) else ():
            if isinstance(node, Scalar):
                wrong = "1" if name.text in texts else "\"'none'\""
                yield mutation(f"{step.name}.{name.text}", wrong, of.put(node, wrong))


@kind("A comparison is one off (`<` or `<=`).", notices="one try more or less than was meant")
def one_off(of: Document) -> Iterator[Mutation | None]:
    yield from _rewritten(of, r" < ", " <= ", "<=, not <")
    yield from _rewritten(of, r" <= ", " < ", "<, not <=")
    yield from _rewritten(of, r" > ", " >= ", ">=, not >")
    yield from _rewritten(of, r" >= ", " > ", ">, not >=")


@kind("A comparison is turned round (`!=` for `==`).", notices="those who should go one way go the other")
def comparison_turned(of: Document) -> Iterator[Mutation | None]:
    yield from _rewritten(of, r" == ", " != ", "!=, not ==")


@kind("A number is compared with a text.", notices="nothing: the flow is refused")
def compared_with_another_type(of: Document) -> Iterator[Mutation | None]:
    yield from _rewritten(of, r"== (\d+)\b", r"== '\1'", "a text")
    yield from _rewritten(of, r"== '([^']+)'", "== 1", "a number")


@kind("A text is compared that no step ever gives.", notices="a case that never happens; another one takes its place")
def compared_with_nothing(of: Document) -> Iterator[Mutation | None]:
    yield from _rewritten(of, r"(== ')([a-z]{3,})'", r"\1\2_'", "misspelt text")


@kind("`or` is left out around a name that may be unset.", notices="an error where it is unset")
def or_dropped(of: Document) -> Iterator[Mutation | None]:
    yield from _rewritten(of, _OR.pattern, r"\1", "without or")


@kind("A field of a step is misspelt.", notices="nothing: the flow is refused")
def field_misspelt(of: Document) -> Iterator[Mutation | None]:
    yield from _rewritten(of, r"(steps\.\w+\.\w+)\b", r"\1s", "misspelt field")


@kind("A field is that of another step.", notices="a wrong number, name or time is said or sent")
def field_of_another_step(of: Document) -> Iterator[Mutation | None]:
    names: dict[str, list[str]] = {}
    for step in of.steps:
        names.setdefault(step.verb, []).append(step.name)
    for node in _expressions(of):
        for found in _FIELD.finditer(of.source(node)):
            read = of.step(found[1])
            for other in [one for one in names.get(read.verb if read else "", []) if one != found[1]][:2]:
                wrong = _replaced(of, node, found, f"steps.{other}.{found[2]}")
                yield mutation(_place(of, node), f"{other}, not {found[1]}", of.put(node, wrong))


@kind("A step says what only a later one finds out.", notices="an error, or what was so before")
def read_too_early(of: Document) -> Iterator[Mutation | None]:
    start = of.at("start")
    first = of.step(start.text) if isinstance(start, Scalar) else None
    names = {found[0]: found[1] for node in _expressions(of) for found in _FIELD.finditer(node.text)}
    for name, step in names.items():
        if first is not None and step != first.name and "." not in name.removeprefix(f"steps.{step}."):
            said = of.add_step("early_word", f'play: "It is ${{{{ {name} }}}}."\nnext: {first.name}')
            yield mutation(name, "read at the start", said, of.put(start, "early_word")) if start else None


@kind("A use is not declared.", notices="nothing: the flow is refused")
def use_not_declared(of: Document) -> Iterator[Mutation | None]:
    declared = of.section("uses")
    for name, _ in declared.entries:
        yield mutation(f"uses.{name.text}", "not declared", of.drop(declared, name.text))


@kind("A use is another one of the same type.", notices="another place is called, asked, or opens the line")
def use_of_another(of: Document) -> Iterator[Mutation | None]:
    declared = [(key.text, one.text) for key, one in of.section("uses").entries if isinstance(one, Scalar)]
    for (name, kind_), (other, another) in pairwise([*declared, *declared[:1]]):
        if kind_ == another and name != other:
            yield from _rewritten(of, rf"uses\.{name}\b", f"uses.{other}", f"{other}, not {name}")


@kind("A calendar's name is misspelt.", notices="nothing: the flow is refused")
def calendar_misspelt(of: Document) -> Iterator[Mutation | None]:
    yield from _rewritten(of, r"(open\(uses\.\w+)\b", r"\1s", "misspelt calendar")


@kind("A text is left empty.", notices="silence where something should be said")
def text_empty(of: Document) -> Iterator[Mutation | None]:
    for step, node in _texts(of):
        yield mutation(step.name, "nothing is said", of.put(node, '""'))


@kind("A text still has a placeholder of the draft in it.", notices="the draft's words, read out")
def text_unfinished(of: Document) -> Iterator[Mutation | None]:
    for step, node in _texts(of):
        yield mutation(step.name, "placeholder", of.put(node, '"Text for this step, to be written."'))


@kind("A text has `{{ }}` or `${ }` in place of `${{ }}`.", notices="the name of a variable is read out")
def placeholder_misspelt(of: Document) -> Iterator[Mutation | None]:
    for step, node in _texts(of):
        said = of.source(node)
        if "${{" in said:
            yield mutation(step.name, "{{ }}", of.put(node, said.replace("${{", "{{")))
            yield mutation(step.name, "${ }", of.put(node, said.replace("${{", "${").replace("}}", "}")))


@kind("The language of the voice is another one than that of the texts.", notices="English with a German tongue")
def language_of_another(of: Document) -> Iterator[Mutation | None]:
    node = of.at("defaults", "voice", "language")
    if isinstance(node, Scalar):
        other = "de-DE" if node.text.startswith("en") else "en-US"
        yield mutation("defaults.voice.language", other, of.put(node, other))


@kind("A language does not exist.", notices="the platform refuses to speak")
def language_of_nobody(of: Document) -> Iterator[Mutation | None]:
    node = of.at("defaults", "voice", "language")
    if isinstance(node, Scalar):
        yield mutation("defaults.voice.language", "english", of.put(node, "english"))


def _is_text(declared: Node) -> bool:
    if isinstance(declared, Scalar):
        return isinstance(declared.value, str)
    return text_of(declared, "type") == "string"


def _expressions(of: Document) -> Iterator[Scalar]:
    """The scalars with an expression in them: conditions, right sides, texts with `${{ }}`."""
    for node in of.scalars():
        if not node.block and any(
            word in node.text for word in ("vars.", "steps.", "uses.", "call.", "inputs.", "signal.")
        ):
            yield node


def _rewritten(of: Document, pattern: str, by: str, change: str) -> Iterator[Mutation | None]:
    """One mutation for each place in an expression where the pattern stands."""
    for node in _expressions(of):
        for found in re.finditer(pattern, of.source(node)):
            yield mutation(_place(of, node), change, of.put(node, _replaced(of, node, found, found.expand(by))))


def _replaced(of: Document, node: Scalar, found: re.Match[str], by: str) -> str:
    said = of.source(node)
    return said[: found.start()] + by + said[found.end() :]


def _place(of: Document, node: Scalar) -> str:
    inside = (
        step.name for step in of.steps if step.key.start < node.start <= of.entry(of.section("steps"), step.name)[1]
    )
    return next(inside, of.text.count("\n", 0, node.start).__str__())


def _texts(of: Document) -> Iterator[tuple[Step, Scalar]]:
    """What is spoken: of a `play` its text or texts, of an `ask` the prompt and what is said before it again."""
    for step in of.of_verb("play", "ask"):
        said = [step.value] if step.verb == "play" else [below(step.value, "prompt"), below(step.value, "reprompt")]
        for one in said:
            if isinstance(one, Mapping) and step.verb == "play":
                one = one.get("play")
            for node in Document.scalars_of(one):
                if isinstance(node.value, str) and " " in node.text:
                    yield step, node
