"""The choices of an `ask`: its own and the flow's, what they become, and whether each can be told from the others."""

from collections.abc import Iterator

from msgspec import Struct

from engine.compile import reserved
from engine.compile.located import Mapping, Node, Scalar, Sequence, dotted
from engine.compile.scope import Scope, StepNode, value_of
from engine.model.graph import Choice
from engine.model.words import words

_RESERVED = ("no_input", "no_match", *reserved.OUTCOMES)


class Offered(Struct, frozen=True):
    """A choice where it is written. `own`: by the step itself, not under `defaults`."""

    name: str
    key: Scalar
    node: Node
    own: bool
    keys: tuple[Scalar, ...]
    phrases: tuple[Scalar, ...]

    def path(self, step: StepNode | None) -> str:
        return dotted((*(step.path if step and self.own else ("defaults",)), "choices", self.name))


def offered(scope: Scope, step: StepNode) -> tuple[Offered, ...]:
    """What an ask with choices offers: its own, and the flow's that can be entered here and have other names."""
    if step.verb.name != "ask":
        return ()
    if step.name not in scope.offers:
        scope.offers[step.name] = _offered(scope, step)
    return scope.offers[step.name]


def _offered(scope: Scope, step: StepNode) -> tuple[Offered, ...]:
    value = step.value if isinstance(step.value, Mapping) else None
    choices = value.get("choices") if value else None
    if value is None or not isinstance(choices, Mapping):
        return ()
    own = tuple(_offer(key, node, own=True) for key, node in choices.entries)
    if not own or value_of(value.get("universal"), True) is False:
        return own
    names = {one.name for one in own}
    return (*own, *(one for one in flows(scope) if one.name not in names and _enterable(value, one)))


def flows(scope: Scope) -> tuple[Offered, ...]:
    """The choices under `defaults`."""
    return tuple(_offer(key, node, own=False) for key, node in scope.universal)


def _offer(key: Scalar, node: Node, *, own: bool) -> Offered:
    return Offered(key.text, key, node, own, _texts(node, "keys"), _texts(node, "phrases"))


def _texts(node: Node, name: str) -> tuple[Scalar, ...]:
    found = node.get(name) if isinstance(node, Mapping) else None
    items = found.items if isinstance(found, Sequence) else ()
    return tuple(item for item in items if isinstance(item, Scalar) and isinstance(item.value, str))


def compiled(found: tuple[Offered, ...]) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            one.name,
            tuple(key.text.upper() for key in one.keys),
            tuple(said for phrase in one.phrases if (said := words(phrase.text))),
        )
        for one in found
    )


def check_flows(scope: Scope) -> None:
    """The choices under `defaults` by themselves: also where no ask offers them."""
    found = flows(scope)
    for one in found:
        if isinstance(one.node, Mapping) and (target := one.node.get("next")) is not None:
            scope.step_name(target, ("defaults", "choices", one.name, "next"))
    _check_each(scope, None, found)


def check(scope: Scope, step: StepNode, found: tuple[Offered, ...]) -> None:
    """Every choice of an ask can be entered, and no two in the same way."""
    if not isinstance(step.value, Mapping):
        return
    for one in found:
        if one.own and not _enterable(step.value, one):
            _no_way_in(scope, step, one)
    _check_each(scope, step, found)
    _check_digits(scope, step, found, step.value.get("digits"))


def _enterable(value: Mapping, one: Offered) -> bool:
    """May it be pressed or said here? (A choice without either, or an ask, is the schema's to refuse.)"""
    pressed, said = value.get("digits") is not None, value.get("speech") is not None
    if not (pressed or said) or not (one.keys or one.phrases):
        return True
    return bool(one.keys and pressed) or bool(one.phrases and said)


def _no_way_in(scope: Scope, step: StepNode, one: Offered) -> None:
    pressed = bool(one.keys)
    problem = (
        f"`{one.name}` has only {'keys, and no `digits` are' if pressed else 'phrases, and no `speech` is'} taken."
    )
    advice = f"Add `digits: {{max: {max(len(key.text) for key in one.keys)}}}`" if pressed else "Add `speech: {}`"
    advice += f", or give it {'phrases' if pressed else 'keys'}."
    scope.report.node_error("API001", "nothing-to-do", one.key, problem, help=advice, path=one.path(step))


def _check_each(scope: Scope, step: StepNode | None, found: tuple[Offered, ...]) -> None:
    for one in found:
        reserved.check(scope.report, one.key, _RESERVED, "choice", one.path(step))
        for phrase in one.phrases:
            if not words(phrase.text) and phrase.text:
                problem, advice = "There is no word in this phrase.", "Write what the caller says."
                scope.report.node_error(
                    "API018", "impossible-choice", phrase, problem, help=advice, path=one.path(step)
                )
    for first, second, one, other in (*_same_keys(found), *_same_phrases(found)):
        _overlap(scope, step, (one, first), (other, second))


_Pair = tuple[Scalar, Scalar, Offered, Offered]


def _same_keys(found: tuple[Offered, ...]) -> Iterator[_Pair]:
    """Keys of two choices that are equal, or of which the second begins with the first. In sorted order, what
    begins with a key follows it, so those before that a key begins with are a stack."""
    keys = sorted(((key.text.upper(), place, key, one) for place, one in enumerate(found) for key in one.keys), key=_by)
    open_: list[tuple[str, Scalar, Offered]] = []
    for text, _, key, one in keys:
        while open_ and not text.startswith(open_[-1][0]):
            open_.pop()
        clash = next((entry for entry in open_ if entry[2].name != one.name), None)
        if clash is not None:
            yield clash[1], key, clash[2], one
        open_.append((text, key, one))


def _by(entry: tuple[str, int, Scalar, Offered]) -> tuple[str, int]:
    return entry[0], entry[1]


def _same_phrases(found: tuple[Offered, ...]) -> Iterator[_Pair]:
    first: dict[str, tuple[Scalar, Offered]] = {}
    for one in found:
        for phrase in one.phrases:
            text = words(phrase.text)
            before, other = first.setdefault(text, (phrase, one)) if text else (phrase, one)
            if other.name != one.name:
                yield before, phrase, other, one


def _overlap(
    scope: Scope, step: StepNode | None, first: tuple[Offered, Scalar], second: tuple[Offered, Scalar]
) -> None:
    """Reported at the second, or at the step's own when the second is the flow's."""
    (one, before), (other, after) = first, second
    if len(before.text) < len(after.text) and before in one.keys:
        problem = f"`{after.text}` of `{other.name}` begins with `{before.text}` of `{one.name}`: nobody can tell them apart in time."
        advice = "Use keys of the same length."
    else:
        problem = f"`{after.text}` chooses `{one.name}` and `{other.name}`."
        advice = "Give it to one of them."
    if one.own != other.own:
        theirs = one.name if other.own else other.name
        advice += f" `{theirs}` comes from `defaults.choices`; `universal: false` leaves those out here."
    where, place = (one, before) if one.own and not other.own else (other, after)
    scope.report.node_error("FLW008", "overlapping-choices", place, problem, help=advice, path=where.path(step))


def _check_digits(scope: Scope, step: StepNode, found: tuple[Offered, ...], digits: Node | None) -> None:
    """Keys that the collect never gives: too many of them, or with one that ends the input."""
    if not isinstance(digits, Mapping):
        return
    most, ends = value_of(digits.get("max"), 0), value_of(digits.get("terminators"), "")
    for one in found:
        for key in one.keys:
            ending = next((tone for tone in key.text if isinstance(ends, str) and tone in ends), "")
            if ending:
                problem, advice = f"`{ending}` ends the input, so `{key.text}` is never entered.", "Choose another key."
            elif isinstance(most, int) and 0 < most < len(key.text):
                problem, advice = f"`{key.text}` has more keys than `digits.max`, {most}.", "Raise `digits.max`."
            else:
                continue
            _impossible(scope, step, one, key, problem, advice)


def _impossible(scope: Scope, step: StepNode, one: Offered, key: Scalar, problem: str, advice: str) -> None:
    place = key
    if not one.own and isinstance(step.value, Mapping):
        place = step.value.key("choices") or key
        advice += f" `{one.name}` comes from `defaults.choices`; `universal: false` leaves those out here."
    path = dotted((*step.path, "choices", one.name))
    scope.report.node_error("API018", "impossible-choice", place, problem, help=advice, path=path)
