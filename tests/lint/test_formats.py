"""Findings for programs: each format fits its schema, whatever stands in the flow."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from jsonschema import Draft4Validator, Draft202012Validator

from engine import resources
from engine.lint.formats.as_github import MOST, ROWS, annotations, summary
from engine.lint.formats.as_json import as_json
from engine.lint.formats.as_junit import as_junit
from engine.lint.formats.as_sarif import as_sarif
from engine.lint.report import Checked, Report
from engine.lint.settings import Settings
from engine.project import checking
from tests.lint.corpus import HERE, flows

SARIF = json.loads((Path(__file__).parent / "sarif" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
ODD = 'flow: odd\nlanguage: 1\nstart: a\nsteps:\n  a: {"\\e[2J😀<&\\x01%": x, next: b}\n  b: {play: 😀, nxt: "::error::\\n"}\n'


@pytest.fixture(scope="module")
def report() -> Report:
    files = [checking.check(path, Settings()) for path in flows("err")]
    return Report(files=(*files, *(checking.check(path, Settings()) for path in flows("ok"))), settings=Settings())


@pytest.fixture
def odd(tmp_path: Path) -> Report:
    path = tmp_path / "odd.flow.yaml"
    path.write_text(ODD, encoding="utf-8")
    return Report(files=(checking.check(path, Settings()),), settings=Settings())


@pytest.fixture
def empty() -> Report:
    return Report(files=(), settings=Settings())


@pytest.mark.parametrize("which", ["report", "odd", "empty"])
def test_json_fits_its_schema(which: str, request: pytest.FixtureRequest) -> None:
    schema = json.loads(resources.read_bytes("schemas/lint.schema.json"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(as_json(request.getfixturevalue(which))))


@pytest.mark.parametrize("which", ["report", "odd", "empty"])
def test_sarif_fits_the_official_schema(which: str, request: pytest.FixtureRequest) -> None:
    log = json.loads(as_sarif(request.getfixturevalue(which)))
    Draft4Validator(SARIF).validate(log)
    run = log["runs"][0]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(ids) == len({*ids})


def test_schema_of_sarif_refuses_what_is_wrong(report: Report) -> None:
    log: Any = json.loads(as_sarif(report))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert not Draft4Validator(SARIF).is_valid(log)


def test_sarif_has_fixes_and_the_callers_way(report: Report) -> None:
    results = json.loads(as_sarif(report))["runs"][0]["results"]
    assert any("fixes" in one for one in results)
    assert any("codeFlows" in one for one in results)
    assert all(
        not one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].startswith("//") for one in results
    )


def test_each_step_of_a_way_in_sarif_has_its_own_line(report: Report) -> None:
    texts = {one.file: one.text.split("\n") for one in report.files}
    for result in json.loads(as_sarif(report))["runs"][0]["results"]:
        for step in (each for flow in result.get("codeFlows", ()) for each in flow["threadFlows"][0]["locations"]):
            place, said = step["location"]["physicalLocation"], step["location"]["message"]["text"]
            line = texts[place["artifactLocation"]["uri"].removeprefix("file://")][place["region"]["startLine"] - 1]
            assert line.strip().startswith(f"{said.partition(' ')[0].removeprefix('finally.')}:") or said == "resume"
            assert "(line " not in said or f"(line {place['region']['startLine']}" in said


@pytest.mark.parametrize("which", ["report", "odd", "empty"])
def test_junit_is_xml_with_a_case_for_each_failure(which: str, request: pytest.FixtureRequest) -> None:
    found: Report = request.getfixturevalue(which)
    root = ElementTree.fromstring(as_junit(found))
    failing = [one for one in found.findings if found.settings.fails(one.severity)]
    assert len(root.findall(".//failure")) == len(failing) == int(root.attrib["failures"])
    assert len(root.findall(".//testcase")) == int(root.attrib["tests"]) >= len(found.files)


def test_github_shows_the_ten_worst(report: Report) -> None:
    lines = annotations(report).splitlines()
    shown = [line for line in lines if line.startswith("::")]
    assert len(shown) == MOST
    errors = report.counts["error"]
    assert [line.partition(" ")[0] for line in shown] == ["::error"] * min(errors, MOST) + ["::warning"] * (
        MOST - errors
    )
    assert lines[-1] == report.summary()
    assert f"{len(report.findings) - MOST} more are in the job's summary." in lines
    assert summary(report).count("\n|") == min(len(report.findings), ROWS) + 2


def test_github_commands_cannot_be_made_by_a_flow(odd: Report) -> None:
    lines = annotations(odd).splitlines()
    assert len(lines) == len(odd.findings) + 1
    assert all(line.startswith("::error file=") for line in lines[:-1])


def test_editor_positions_count_utf_16(odd: Report) -> None:
    rows = json.loads(as_json(odd))["findings"]
    after = next(row for row in rows if row["line"] == 6 and row["column"] > 12)
    assert after["editor"]["start"] == {"line": 5, "character": after["column"]}


def test_summary_counts() -> None:
    one = Checked(file="a", calendar=True, findings=())
    assert Report(files=(one,), settings=Settings()).summary() == "1 calendar checked, nothing found."
    found = checking.check(HERE / "API021" / "err" / "voices.flow.yaml", Settings(select=("API021",)))
    said = Report(files=(one, found), settings=Settings()).summary()
    assert said == "1 flow and 1 calendar checked: 0 errors, 4 warnings, 1 note."
