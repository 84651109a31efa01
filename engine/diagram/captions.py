"""What a step says or does, in a few words."""

import re
from collections.abc import Iterator
from typing import Any

from engine.compile import durations
from engine.expr import written
from engine.model.graph import (
    ApiValue,
    AskValue,
    BranchValue,
    Expression,
    FetchValue,
    LeaveValue,
    ReturnValue,
    SetValue,
    Step,
    SubflowValue,
    Tree,
    Value,
    WaitValue,
)

_TEMPLATE = re.compile(r"\$\{\{ ((?:(?! \}\}|\$\{\{).)*) \}\}")


def says(step: Step) -> str:
    """Empty where there is nothing to add to the verb. A `${{ name }}` is `{name}` here."""
    value = step.value
    said = _of_api(step.verb, value.params) if isinstance(value, ApiValue) else _of_own(value)
    return squeezed(_TEMPLATE.sub(r"{\1}", said))


def _of_own(value: Value) -> str:
    match value:
        case AskValue(prompt=prompt):
            return spoken(prompt)
        case BranchValue():
            return ""
        case SetValue(assignments=assignments):
            return "; ".join(f"{name} = {one_line(expression)}" for name, expression in assignments.items())
        case WaitValue():
            return _awaited(value)
        case FetchValue(method=method, url=url):
            return f"{method} {written(url)}"
        case SubflowValue(flow=flow):
            return flow
        case ReturnValue(outcome=outcome):
            return outcome
        case LeaveValue(params=params, reason=reason):
            return reason if "reason" in params or not params else _destination(params)
        case _:
            return _destination(value.params)


def _of_api(verb: str, params: Tree) -> str:
    if verb == "play":
        return spoken(params.get("play", []) if isinstance(params, dict) else [])
    if verb in ("transfer", "refer", "dial", "user_event"):
        return _destination(params)
    return ", ".join(_settings(written(params)))


def spoken(items: Tree) -> str:
    """What is heard, one item after the other; silences are left out."""
    return " ".join(heard for item in items if (heard := _heard(item)))


def _heard(item: Tree) -> str:
    if not isinstance(item, dict):
        return ""
    params = written(item.get("params", {}))
    match item.get("type"):
        case "tts":
            return f"“{squeezed(str(params.get('text', '')))}”"
        case "audio":
            return f"♪ {params.get('url', '')}"
        case "ringtone":
            return f"♪ ringtone {params.get('name', '')}"
    return ""


def _awaited(value: WaitValue) -> str:
    parts = [durations.written(value.duration_ms)] if value.duration_ms else []
    if value.signal:
        parts.append(f"signal {value.signal}")
    if value.handles:
        parts.append((" and " if value.all else " or ").join(value.handles))
    if value.timeout_ms:
        parts.append(f"at most {durations.written(value.timeout_ms)}")
    return ", ".join(parts)


def _destination(params: Tree) -> str:
    """Where the call goes: an address, or the methods of the SWML that it runs."""
    if not isinstance(params, dict):
        return ""
    found = written(params)
    for key in ("to", "url", "dest", "event"):
        if isinstance(found.get(key), str):
            return str(found[key])
    if isinstance(found.get("swml"), dict):
        return _of_document(found["swml"])
    return ", ".join(_settings(found))


def _of_document(document: dict[str, Any]) -> str:
    main = document.get("sections", {}).get("main", [])
    for one in main:
        if isinstance(one, dict) and (numbers := list(_numbers(one.get("connect")))):
            return f"to {', '.join(numbers)}"
    names = [next(iter(one)) if isinstance(one, dict) and one else str(one) for one in main]
    return f"SWML: {', '.join(names)}"


def _numbers(connect: Any) -> Iterator[str]:
    """Whom a `connect` rings: one, or those of its lists."""
    if isinstance(connect, dict):
        yield from ([connect["to"]] if isinstance(connect.get("to"), str) else [])
        for legs in (connect.get("serial"), connect.get("parallel")):
            yield from (number for leg in legs or () for number in _numbers(leg))


def _settings(tree: Any, name: str = "", within: str = "") -> Iterator[str]:
    """`max_length 90`: the scalars of a tree with their names; those about input say what input."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _settings(value, key, name)
    elif isinstance(tree, list) and any(isinstance(one, dict | list) for one in tree):
        yield f"{name} …"
    else:
        value = ", ".join(map(str, tree)) if isinstance(tree, list) else _plain(tree)
        yield f"{within} {name} {value}" if within in ("digits", "speech") else f"{name} {value}".strip()


def _plain(value: Any) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)


def one_line(expression: Expression) -> str:
    return squeezed(expression.source)


def squeezed(text: str) -> str:
    return " ".join(text.split())
