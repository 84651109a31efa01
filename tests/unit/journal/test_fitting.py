"""`offhook journal check` on states that can be read, and mean nothing: each problem is told with its run."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from engine.interpret import start
from engine.journal.check import Problem, check
from engine.journal.sealing import Sealing, new_key
from engine.journal.sqlite import open_journal
from engine.model import codec
from engine.model.bundle import Bundle
from engine.model.events import CallArrived
from engine.model.graph import FlowGraph
from engine.model.ids import CallId, Digest, RunId, StepName
from engine.model.state import Frame, Interrupted, RunState
from tests.playbooks.machine import compiled
from tests.unit.journal.entries import entry

TEXT = """flow: story
language: 1
start: first
steps:
  first: {subflow: {flow: ask}, next: {told: last, failures: last}}
  last: {end: hangup}
"""
ASK = """flow: ask
language: 1
start: hello
steps:
  hello: {play: Hello., next: told}
  told: {return: told}
"""
BUNDLE = Bundle("story", {"story.flow.yaml": TEXT.encode(), "lib/ask.flow.yaml": ASK.encode()})


@pytest.fixture
def state() -> RunState:
    graph: FlowGraph = compiled(TEXT, ask=ASK.partition("language: 1\n")[2])
    event = CallArrived(at_ms=1_000, call_id=CallId("c"), from_="+15550177", to="+15550100")
    made = start(graph, event).state
    assert (made.frame.flow, made.frame.step, [one.step for one in made.callers]) == ("ask", "hello", ["first"])
    return replace(made, digest=BUNDLE.digest)


async def problems(
    path: Path, *states: RunState, bundle: bytes = BUNDLE.encode(), **changes: Any
) -> tuple[Problem, ...]:
    with open_journal(path) as journal:
        for state in states:
            await journal.put_bundle(state.digest, bundle)
            await journal.commit([entry(changes.get("run_id", state.run_id), 1, **(row_of(state) | changes))])
    return check(path, Sealing()).problems


def row_of(state: RunState) -> dict[str, Any]:
    """As a runner writes it."""
    columns = {name: getattr(state, name) for name in ("digest", "status", "started_ms", "next_due_ms", "end_reason")}
    return {**columns, "call_id": state.call.call_id, "state": codec.encode(state)}


def at(step: str) -> Callable[[Frame], Frame]:
    return lambda frame: replace(frame, step=StepName(step))


@pytest.mark.anyio
async def test_state_that_fits_is_no_problem(tmp_path: Path, state: RunState) -> None:
    assert await problems(tmp_path / "j.journal", state) == ()


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda it: replace(it, frame=at("gone")(it.frame)), "it stands at the step `gone`, which is none of `ask`"),
        (
            lambda it: replace(it, callers=tuple(map(at("gone"), it.callers))),
            "it stands at the step `gone`, which is none of `story`",
        ),
        (
            lambda it: replace(it, frame=replace(it.frame, flow="else")),
            "it stands in the flow `else`, which is none that `story` calls",
        ),
        (
            lambda it: replace(it, callers=(replace(it.callers[0], doing=None),)),
            "a flow was called from the step `first`, which calls none",
        ),
        (lambda it: replace(it, operations={}), "it waits for the operation `"),
        (
            lambda it: replace(it, frame=replace(it.frame, vars={"tries": 1})),
            "it has the variable `tries`, which is none of `ask`",
        ),
        (
            lambda it: replace(it, frame=replace(it.frame, interrupted=(_interrupted("gone"),))),
            "it is to go back to the step `gone`, which is none of `ask`",
        ),
        (
            lambda it: replace(it, operations={key: replace(op, step="gone") for key, op in it.operations.items()}),
            "is of the step `gone`, which is none of its flow's",
        ),
        (
            lambda it: replace(it, operations={key: replace(op, flow="else") for key, op in it.operations.items()}),
            "is of the flow `else`, which is none that `story` calls",
        ),
    ],
)
async def test_state_that_does_not_fit_its_flow_is_told_with_what_to_do(
    tmp_path: Path, state: RunState, change: Callable[[RunState], RunState], what: str
) -> None:
    found = await problems(tmp_path / "j.journal", change(state))
    assert len(found) == 1
    assert what in found[0].what
    assert "end that in the platform's dashboard, or restore the journal from a copy" in found[0].help
    assert found[0].run == state.run_id


@pytest.mark.anyio
async def test_state_of_another_run_is_told(tmp_path: Path, state: RunState) -> None:
    (found,) = await problems(tmp_path / "j.journal", state, run_id=RunId("iother"))
    assert (found.what, found.run) == (f"its state is that of the run {state.run_id}", "iother")


@pytest.mark.anyio
async def test_state_of_another_version_than_the_bundle_is_told(tmp_path: Path, state: RunState) -> None:
    """Under its digest stands another flow."""
    other = Bundle("story", {"story.flow.yaml": b"flow: story\nlanguage: 1\nstart: a\nsteps: {a: {end: hangup}}\n"})
    (found,) = await problems(tmp_path / "j.journal", state, bundle=other.encode())
    assert (found.what, found.run) == ("it is of another version of `story`", state.run_id)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("bundle", "what", "help_"),
    [
        (b"\xc1", "The flow version that a run was started with is damaged.", "Restore the journal from a copy"),
        (
            Bundle("story", {"story.flow.yaml": TEXT.encode()}).encode(),
            "story.flow.yaml, as a run was started with it, does not compile any more",
            "Run the version of Offhook that has started its runs until they have ended.",
        ),
    ],
)
async def test_flow_that_cannot_be_read_any_more_is_told_once(
    tmp_path: Path, state: RunState, bundle: bytes, what: str, help_: str
) -> None:
    found = await problems(tmp_path / "j.journal", state, replace(state, run_id=RunId("iother")), bundle=bundle)
    assert len(found) == 1
    assert what in found[0].what
    assert help_ in found[0].help


@pytest.mark.anyio
async def test_flow_that_is_not_there_is_told_once(tmp_path: Path, state: RunState) -> None:
    with open_journal(tmp_path / "j.journal") as journal:
        await journal.commit([entry(state.run_id, 1, **row_of(replace(state, digest=Digest("gone"))))])
    (found,) = check(tmp_path / "j.journal", Sealing()).problems
    assert "the version of its flow (gone) is not in the journal" in found.what


@pytest.mark.anyio
@pytest.mark.parametrize("ended", [False, True])
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("status", None),
        ("call_id", "'another'"),
        ("call_id", "CAST(x'ff' AS TEXT)"),
        ("end_reason", "'busy'"),
        ("next_due_ms", "17"),
        ("started_ms", "17"),
    ],
)
async def test_row_that_speaks_otherwise_of_its_run_than_its_state_is_told(
    tmp_path: Path, state: RunState, ended: bool, column: str, value: str | None
) -> None:
    value = value or ("'running'" if ended else "'ended'")
    (found,) = await changed(tmp_path / "j.journal", over(state) if ended else state, f"{column} = {value}")
    assert found.run == state.run_id
    assert f"as its `{column}`, and its state " in found.what
    assert "Restore the journal from a copy" in found.help


@pytest.mark.anyio
@pytest.mark.parametrize("ended", [False, True])
@pytest.mark.parametrize("value", ["'text'", "CAST(x'82ff' AS TEXT)", "5", "x''", "x'81'"])
async def test_state_that_is_none_is_told_with_its_run(
    tmp_path: Path, state: RunState, ended: bool, value: str
) -> None:
    (found,) = await changed(tmp_path / "j.journal", over(state) if ended else state, f"state = {value}")
    assert (found.run, "state" in found.what) == (state.run_id, True)


@pytest.mark.anyio
async def test_ended_run_whose_key_is_gone_is_no_problem(tmp_path: Path, state: RunState) -> None:
    sealed = Sealing.of(new_key()).seal_state(over(state), 1)
    assert await problems(tmp_path / "j.journal", over(state), state=sealed) == ()


async def changed(path: Path, state: RunState, change: str) -> tuple[Problem, ...]:
    other = replace(state, run_id=RunId("iother"))
    assert await problems(path, state, other) == ()
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(f"UPDATE runs SET {change} WHERE run_id = ?", (state.run_id,))
    return check(path, Sealing()).problems


def over(state: RunState) -> RunState:
    return replace(state, status="ended", end_reason="hangup", operations={})


def _interrupted(step: str) -> Interrupted:
    return Interrupted(event="signal.x", step=StepName(step))
