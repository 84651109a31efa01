"""The names that a document may use, by what they are names of (`x-names` of the schemas), each with a line about it."""

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from engine.compile import Survey
from engine.compile.located import Mapping as Entries
from engine.compile.located import Path, Scalar
from engine.compile.outcomes import REST_OF_FAILURES, failures, ordinary
from engine.compile.scope import StepNode
from engine.editing.document import Document
from engine.editing.steps import ABOUT, about_outcome, about_step
from engine.model.graph import RESUME, Declared
from engine.model.verbs import FAILURES, VERB


class Name(Struct, frozen=True):
    """`detail` is short (a verb, a type), `about` Markdown."""

    name: str
    detail: str = ""
    about: str = ""


class Place(Struct, frozen=True):
    """What is asked: for names at this path of this document, as far as its flow is known."""

    document: Document
    path: Path
    survey: Survey | None

    @property
    def step(self) -> StepNode | None:
        """The flow's step that the path leads through."""
        named = self.path[1] if self.path[:1] == ("steps",) and len(self.path) > 1 else None
        return self.survey.scope.steps.get(str(named)) if self.survey and named else None


def names(kind: str, place: Place) -> list[Name]:
    return list(_OF[kind](place)) if kind in _OF else []


def _steps(place: Place) -> Iterator[Name]:
    if place.survey is None:
        return
    for name in step_names(place.survey):
        step = place.survey.scope.steps.get(name)
        yield Name(name, step.verb.name if step else "", about_step(step) if step else "")
    if place.document.kind == "flow" and place.path[:1] == ("steps",) and place.path[2:3] != ("visits",):
        yield Name(RESUME, "", "Back to the step that a handler has interrupted.")


def step_names(survey: Survey) -> list[str]:
    section = survey.root.get("steps")
    return [key.text for key, _ in section.entries] if isinstance(section, Entries) else []


def _handles(place: Place) -> Iterator[Name]:
    """Of the verb that is wanted: `play.stop` wants a play, `until` a collect."""
    if place.survey is None:
        return
    asked = place.path[2] if len(place.path) > 2 else ""
    of = VERB[str(asked)].of if asked in VERB else "collect" if asked == "until" else ""
    for name, step in place.survey.scope.steps.items():
        if step.background and of in ("", step.verb.name):
            yield Name(name, step.verb.name, about_step(step))
    for name, verb in place.survey.scope.handles.items():
        if of in ("", verb):
            yield Name(name, verb, "An input of this flow.")


def _outcomes(place: Place) -> Iterator[Name]:
    step = _step_of_outcomes(place)
    if step is None or place.survey is None:
        return
    for outcome in ordinary(place.survey.scope, step):
        yield Name(outcome, step.verb.name, about_outcome(step, outcome))
    if place.document.kind == "flow":
        yield Name("otherwise", "", ABOUT["otherwise"])
        yield Name(REST_OF_FAILURES, "", ABOUT[REST_OF_FAILURES])
    for outcome in failures(step):
        yield Name(outcome, "failure", about_outcome(step, outcome))


def _step_of_outcomes(place: Place) -> StepNode | None:
    """In a test file, the step whose outcome is expected."""
    if place.document.kind == "test" and place.survey is not None and place.path:
        return place.survey.scope.steps.get(str(place.path[-1]))
    return place.step


def _input_outcomes(place: Place) -> Iterator[Name]:
    yield from (Name(outcome, "collect") for outcome in (*VERB["collect"].outcomes, *FAILURES))


def _signals(place: Place) -> Iterator[Name]:
    for name, carried in place.survey.scope.signals.items() if place.survey else ():
        yield Name(name, ", ".join(f"{field}: {kind}" for field, kind in carried.items()) or "carries nothing")


def _given(place: Place) -> Iterator[Name]:
    """The inputs of the flow that the step calls."""
    value = place.step.value if place.step else None
    flow = value.get("flow") if isinstance(value, Entries) else None
    called = place.survey.scope.called.get(flow.text) if place.survey and isinstance(flow, Scalar) else None
    if called is not None and called.graph is not None:
        yield from _declared(called.graph.inputs)


def _declared(names: Mapping[str, Declared]) -> Iterator[Name]:
    for name, one in names.items():
        yield Name(name, declared_as(one))


def declared_as(one: Declared) -> str:
    """`int, at first 0`."""
    if one.handle:
        return f"handle of a {one.handle}"
    kind = "calendar" if one.calendar else one.type
    return kind if one.required or one.default is None else f"{kind}, at first {one.default!r}".replace("'", '"')


def _of(which: str) -> Callable[[Place], Iterator[Name]]:
    return lambda place: _declared(getattr(place.survey.declared, which)) if place.survey else iter(())


def _files(which: str, what: str) -> Callable[[Place], Iterator[Name]]:
    return lambda place: (Name(name, what) for name in getattr(place.document.beside, which))


_OF: Mapping[str, Callable[[Place], Iterator[Name]]] = {
    "step": _steps,
    "handle": _handles,
    "outcome": _outcomes,
    "input_outcome": _input_outcomes,
    "signal": _signals,
    "given": _given,
    "variable": _of("vars"),
    "input": _of("inputs"),
    "use": _of("uses"),
    "swml": _files("swml", "SWML document"),
    "subflow": _files("subflows", "flow of flows/lib"),
    "flow": _files("flows", "flow"),
    "calendar": _files("calendars", "calendar"),
}
KINDS = tuple(_OF)
"""All that `x-names` may say."""
