"""`offhook lint` and the test files beside flows."""

import json
from pathlib import Path

from tests.lint.flow import small
from tests.unit.cli.conftest import Run

SOUND = small("  a:\n    play: [Hello.]\n    next: bye\n")


def write(text: str, name: str = "small") -> Path:
    path = Path("flows", f"{name}.flow.yaml")
    path.write_text(text.replace("flow: small", f"flow: {name}"), encoding="utf-8")
    return path


def test_test_file_that_is_named_is_read_as_one(run: Run) -> None:
    write(SOUND)
    named = Path("flows/small.more.test.yaml")
    named.write_text("tests: small\ninvariants: [vars.nothing == 1]\ncases:\n  one:\n    expct: {path: [hello]}\n")
    done = run("lint", str(named), "--format", "json")
    told = [(one["code"], one["line"], one["column"], one["fix"]) for one in json.loads(done.out)["findings"]]
    assert (done.status, told) == (1, [("TST009", 2, 14, None), ("SYN003", 5, 5, None)])
    named.write_text("tests: small\ncases:\n  one:\n    expect: {path: [a, ...]}\n")
    assert run("lint", str(named)).out == "1 test file checked, nothing found.\n"
    assert run("lint", "--fix", "--unsafe-fixes", str(named)).status == 0


def test_flow_and_its_tests_named_together_say_a_thing_once(run: Run) -> None:
    flow, tests = write(SOUND), Path("flows/small.test.yaml")
    tests.write_text("tests: small\ncases:\n  one:\n    expect: {path: [gone, ...]}\n")
    done = run("lint", str(flow), str(tests), "--format", "json")
    assert [(one["code"], one["file"], one["severity"]) for one in json.loads(done.out)["findings"]] == [
        ("TST003", str(tests), "error")
    ]
    assert "warning TST003" in run("lint", str(flow)).out


def test_flow_may_have_several_test_files(run: Run) -> None:
    write(SOUND)
    write(SOUND, "other")
    Path("flows/small.more.test.yaml").write_text("tests: small\ncases: {}\n")
    Path("flows/other.test.yaml").write_text("tests: other\ncases: {}\n")
    assert run("lint", "--profile", "production").out == "2 flows checked, nothing found.\n"
