"""What may be unset before a step, by the analysis of bits and by walking every way that there is."""

from typing import NamedTuple

from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import Struct

from engine.compile.paths import Paths, Place, Results, solve, witness
from engine.model.graph import FlowGraph
from engine.model.ids import StepName
from engine.model.verbs import VERB, fields_after
from tests.playbooks.machine import compiled

STEPS = ("a", "b", "c", "d", "e")
VARS = ("x", "y")
FIELDS = ("outcome", "code", "value", "url")
NAMES = [*(f"steps.{step}.{field}" for step in STEPS for field in FIELDS), *(f"vars.{name}" for name in VARS)]
OUTCOMES = {
    "ask": ("digits", "speech", "no_input", "no_match", "error", "rejected", "lost"),
    "record": ("finished", "no_input", "error", "rejected", "lost"),
    "set": ("done", "error"),
}


class Planned(Struct, frozen=True):
    """A step: its verb, where its outcomes go by turns (None: to the handler, if there is one, or to the end), and
    for a `set` its variable, for a `branch` the step whose outcome it asks for."""

    verb: str
    targets: tuple[str | None, ...]
    var: str
    asked: str
    outcome: str

    def goes(self, index: int) -> str | None:
        return self.targets[index % len(self.targets)]


class Plan(Struct, frozen=True):
    steps: tuple[Planned, ...]
    handler: str | None

    @property
    def text(self) -> str:
        lines = ["vars: {x: {type: string}, y: {type: string}}", "start: a", "steps:"]
        lines += [_text(name, step) for name, step in zip(STEPS, self.steps, strict=False)]
        if self.handler:
            lines.append(f"handlers: {{error: {self.handler}, lost: {self.handler}}}")
        return "\n".join([*lines, ""])


def _text(name: str, step: Planned) -> str:
    """Steps with fields of their own. Ordinary outcomes need a target: that of a failure may be the handler's."""
    if step.verb == "branch":
        first, second = step.goes(0) or name, step.goes(1) or name
        asked = f"or(steps.{step.asked}.outcome, 'none') == '{step.outcome}'"
        return f'  {name}: {{branch: [{{if: "{asked}", next: {first}}}, {{else: {second}}}]}}'
    value = {"ask": "{prompt: Hello, digits: {max: 1}, speech: {}}", "record": "{}", "set": f"{{{step.var}: \"'v'\"}}"}
    named = {one: step.goes(number) for number, one in enumerate(OUTCOMES[step.verb])}
    ordinary = VERB[step.verb].outcomes
    ways = ", ".join(f"{one}: {goes or name}" for one, goes in named.items() if goes or one in ordinary)
    return f"  {name}: {{{step.verb}: {value[step.verb]}, next: {{{ways}}}}}"


def plans(*verbs: str) -> st.SearchStrategy[Plan]:
    @st.composite
    def plan(draw: st.DrawFn) -> Plan:
        names = STEPS[: draw(st.integers(1, len(STEPS)))]
        target = st.sampled_from((*names, None))
        steps = tuple(
            Planned(
                draw(st.sampled_from(verbs)),
                tuple(draw(st.lists(target, min_size=1, max_size=4))),
                draw(st.sampled_from(VARS)),
                draw(st.sampled_from(names)),
                draw(st.sampled_from((*OUTCOMES["ask"], "finished", "none"))),
            )
            for _ in names
        )
        return Plan(steps, draw(target))

    return plan()


class Walked(NamedTuple):
    """A moment on one way: the step, each step's last outcome, the variables that are set."""

    step: str
    had: tuple[tuple[str, str], ...]
    set: frozenset[str]


def walk(graph: FlowGraph) -> set[Walked]:
    """Every moment of every way, each once."""
    todo = [Walked(graph.start, (), frozenset())]
    seen = set(todo)
    while todo:
        for after in _after(graph, todo.pop()):
            if after not in seen:
                seen.add(after)
                todo.append(after)
    return seen


def _after(graph: FlowGraph, at: Walked) -> list[Walked]:
    step = graph.steps[StepName(at.step)]
    if step.verb == "branch":
        return [at._replace(step=_branch(graph, at))]
    found = []
    for outcome in OUTCOMES[step.verb]:
        target = step.next.target(outcome) or (None if outcome == "rejected" else graph.handlers.get(outcome))
        if target is None:
            continue
        if outcome == "done":
            found.append(Walked(target, at.had, at.set.union(step.value.assignments)))  # type: ignore[union-attr]
        else:
            found.append(Walked(target, tuple(sorted({**dict(at.had), at.step: outcome}.items())), at.set))
    return found


def _branch(graph: FlowGraph, at: Walked) -> str:
    """By evaluating its condition."""
    value = graph.steps[StepName(at.step)].value
    outcomes = {f"steps.{step}.outcome": outcome for step, outcome in at.had}
    condition, target = value.cases[0]  # type: ignore[union-attr]
    return target if condition.evaluate(outcomes.__getitem__) else value.otherwise  # type: ignore[union-attr]


def is_unset(graph: FlowGraph, at: Walked, name: str) -> bool:
    space, _, rest = name.partition(".")
    if space == "vars":
        return rest not in at.set
    step, _, field = rest.partition(".")
    outcome = dict(at.had).get(step)
    verb = VERB[graph.steps[StepName(step)].verb]
    return outcome is None or field not in ("outcome", *fields_after(verb, outcome))


def walked(graph: FlowGraph, names: list[str]) -> set[tuple[str, str]]:
    return {(at.step, name) for at in walk(graph) for name in names if is_unset(graph, at, name)}


def foreseen(graph: FlowGraph, names: list[str]) -> set[tuple[str, str]]:
    """The same by the analysis; every finding has a way that shows it."""
    results, paths = Results(graph, names), Paths(graph)
    solved = solve(paths, results.first, results.transfer)
    found = set()
    for place, facts in solved.before.items():
        for name in names:
            if missing := facts & results.unset(name):
                found.add((str(place.step), name))
                about = results.about(name)
                way = witness(solved, place, missing, about=about)
                assert way is not None
                assert (way == () and place == Place(graph.start)) or way[-1].target == place
    return found


def _names(graph: FlowGraph) -> list[str]:
    return [name for name in NAMES if name.startswith("vars.") or name.split(".")[1] in graph.steps]


@given(plans("ask", "record", "set"))
def test_analysis_finds_what_is_unset_on_some_way_and_nothing_else(plan: Plan) -> None:
    graph = compiled(plan.text)
    assert foreseen(graph, _names(graph)) == walked(graph, _names(graph))


_SET_IS_ASKED_FOR = Plan(
    steps=(
        Planned("branch", ("a",), "x", "b", "digits"),
        Planned("set", ("c",), "x", "a", "digits"),
        Planned("ask", ("a",), "x", "a", "digits"),
    ),
    handler="b",
)


@given(plans("ask", "record", "set", "branch"))
@example(_SET_IS_ASKED_FOR)
def test_analysis_with_conditions_misses_nothing(plan: Plan) -> None:
    """It may find more: which ways belong together it knows of one step's outcomes only."""
    graph = compiled(plan.text)
    assert foreseen(graph, _names(graph)) >= walked(graph, _names(graph))
