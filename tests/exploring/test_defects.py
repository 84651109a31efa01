"""Defects of the kind that concurrency makes, put into a copy of the engine by hand: exploring finds each."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FLOW = HERE / "flows" / "small.flow.yaml"
DEFECTS = {
    "late_finished": {"late"},
    "digits_before_playing": {"same-end"},
    "doubled_result": {"late", "doubled"},
    "timers_after_end": {"known-over"},
    "redirect_raced": {"as-told"},
}
"""The defect and the laws that it may break first."""


def _explored(engine: Path) -> tuple[int, dict[str, Any]]:
    return _offhook(engine, "explore", FLOW)


def _offhook(engine: Path, command: str, path: Path) -> tuple[int, dict[str, Any]]:
    line = [sys.executable, "-m", "engine.cli", command, str(path), "--format", "json"]
    environment = {**os.environ, "PYTHONPATH": str(engine), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(line, cwd=engine, env=environment, capture_output=True, text=True, timeout=100)
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, json.loads(done.stdout)


def _broken(engine: Path, tests: Path) -> list[set[str]]:
    """The laws that each case breaks."""
    _, found = _offhook(engine, "test", tests)
    (file,) = found["files"]
    assert not file["diagnostics"], file["diagnostics"]
    return [{one["law"] for one in case["failures"]} for case in file["cases"]]


def _copied(folder: Path) -> Path:
    for name in ("engine", "schemas", "flows"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def _apply(patch: Path, engine: Path) -> None:
    """To a copy that is no checkout."""
    outside = {**os.environ, "GIT_DIR": str(engine / "none")}
    done = subprocess.run(["git", "apply", str(patch)], cwd=engine, env=outside, capture_output=True, text=True)
    if done.returncode:
        pytest.fail(
            f"tests/exploring/defects/{patch.name} does not apply any more: the engine has changed where the defect goes.\n"
            f"Put the same defect into the engine by hand, and write it anew with `git diff engine > {patch.name}`.\n{done.stderr}",
            pytrace=False,
        )


def test_every_patch_is_tried() -> None:
    assert {path.stem for path in (HERE / "defects").glob("*.patch")} == set(DEFECTS)


def test_the_engine_as_it_is_breaks_nothing(tmp_path: Path) -> None:
    status, found = _explored(ROOT)
    assert (status, found["passed"], found["found"]) == (0, True, [])
    covered = found["covered"]
    assert isinstance(covered, dict)
    assert (covered["cut"], covered["unseen"]) == (0, [])


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_put_in_by_hand_is_found_with_cases_that_fail_until_it_is_mended(defect: str, tmp_path: Path) -> None:
    engine = _copied(tmp_path)
    patch = HERE / "defects" / f"{defect}.patch"
    _apply(patch, engine)
    status, found = _explored(engine)
    laws = [one["law"] for one in found["found"]]
    assert status == 1, f"nothing is found with {defect}"
    assert set(laws) & DEFECTS[defect], laws
    tests = tmp_path / "pasted" / "small.test.yaml"
    tests.parent.mkdir()
    shutil.copy(FLOW, tests.parent)
    tests.write_text("tests: small\ncases:\n" + "".join(one["case"] for one in found["found"]), encoding="utf-8")
    pasted = _broken(engine, tests)
    assert all(law in broken for law, broken in zip(laws, pasted, strict=True)), (laws, pasted)
    assert _broken(ROOT, tests) == [set() for _ in laws]
