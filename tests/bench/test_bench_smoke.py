"""The bench counts right: every round has its command, and what goes wrong is a mistake. No timing is asserted."""

import asyncio
import subprocess
from pathlib import Path

import pytest

from engine.compile import compile_bundle
from engine.model.bundle import Bundle
from tests.bench import compiling, exploring, flows, large, linting, machine, pieces, pure, states, subjects, testing
from tests.bench.load import Load

CALLS = 20


@pytest.mark.parametrize("name", flows.FLOWS)
def test_flow_compiles_without_a_finding(name: str) -> None:
    compiled = compile_bundle(Bundle(flow=name, files={f"{name}.flow.yaml": flows.FLOWS[name].encode()}))
    assert not compiled.diagnostics


@pytest.mark.parametrize("name", ["floor_app", "mirror"])
def test_application_under_load_makes_rounds_and_no_mistakes(name: str) -> None:
    asyncio.run(_rounds(name))


async def _rounds(name: str) -> None:
    subject = await subjects.application(name, core=None)
    try:
        load = subject.load
        await load.start(CALLS, flows.NUMBERS["loop"])
        assert load.rounds == 0
        window = await load.saturate(0.1, warm_up_s=0.05)
        assert 0 < window.rounds <= load.rounds
        before = load.rounds
        reactions = await load.steady(200, 0.1)
        assert len(reactions.ms) == load.rounds - before > 0
        assert not load.mistakes
    finally:
        await subject.close()


def test_long_flow_has_its_steps() -> None:
    compiled = compile_bundle(Bundle("long", {"long.flow.yaml": compiling.flow()}))
    assert compiled.graph is not None, compiled.diagnostics
    assert len(compiled.graph.steps) == compiling.STEPS


def test_state_of_our_own_flows_stays_small() -> None:
    found = states.measure()
    assert 1_000 < found["largest_state_bytes"] < 8_000, found
    assert 1_000 < found["largest_state_300_steps_bytes"] < 8_000, found


def test_parts_of_a_round_are_those_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "_ROUNDS", 4)
    for name in ("_TIMES", "_BATCHES"):
        monkeypatch.setattr(pure, name, 1)
    page = (Path(__file__).resolve().parents[2] / "docs" / "performance.md").read_text()
    for name, us in pieces.measure()["parts_us"].items():
        assert us >= 0
        assert f"`{name}`" in page


def test_subject_that_does_not_start_says_why() -> None:
    with pytest.raises(subjects.Unstartable, match=r"No module named .*nothing"):
        asyncio.run(subjects.application("nothing", core=None))


def test_command_that_nobody_asked_for_is_a_mistake() -> None:
    load = Load(lambda: 0.0)
    load._answer(b"POST /api/calling/calls HTTP/1.1", b'{"command":"calling.play","id":"a","params":{}}')
    assert load.mistakes == {"sent calling.play": 1}


def test_flows_to_lint_are_as_many_as_said_and_without_errors(tmp_path: Path) -> None:
    files = linting.write(tmp_path, 8)
    assert len(files) == len({*files}) == 8
    done = subprocess.run([*linting.commands(tmp_path)["lint"], *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("8 flows checked")


def test_flow_that_is_explored_has_its_steps_and_nothing_cut_off() -> None:
    found = exploring.explored()
    assert found.passed
    assert (found.covered.cut, found.covered.unseen) == (0, ())


def test_runs_that_wait_are_recovered_and_looked_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"FIRST_RUNS": 5, "TALKING": 5, "WINDOWS": 1, "WINDOW_S": 0.1, "REMARKS": 5}.items():
        monkeypatch.setattr(large, name, value)
    monkeypatch.setattr(machine, "pin", lambda core: None)
    found = asyncio.run(large.measure(tmp_path, CALLS))
    assert found["mistakes"] == {}
    assert found["waiting_runs"] == CALLS


def test_cases_are_run_until_there_are_so_many_and_pass() -> None:
    found = testing.run_all(at_least=10)
    assert sum(len(one.results) for one in found) >= 10
    assert all(one.passed for one in found)
