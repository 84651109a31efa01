"""`offhook lint` and `offhook explain` as commands: options, exit statuses, files that are not what they should be."""

import json
import os
from pathlib import Path

import pytest

from engine.lint import registry
from engine.project.linting import many
from tests.lint.flow import small
from tests.unit.cli.conftest import Run

WARNED = small("  a:\n    play: {play: [{silence: 1}], loop: 0}\n    next: bye\n")
NOTED = (
    small("  a_step_with_a_name_that_goes_on_and_on_and_on_:\n    end: hangup\n")
    .replace("start: a", "start: a_step_with_a_name_that_goes_on_and_on_and_on_")
    .replace("  bye:\n    end: hangup\n", "")
)
BROKEN = small("  a:\n    play: [Hello.]\n    next: nowhere\n")
OWNED = small("  a:\n    play:\n      play: [Hello.]\n      control_id: p1\n    next: bye\n")
SOUND = small("  a:\n    play: [Hello.]\n    next: bye\n")
ORPHANED = small("  a:\n    play: [Hello.]\n    next: bye\n  orphan:\n    play: [Hello.]\n    next: bye\n")


def write(text: str, name: str = "small") -> Path:
    path = Path("flows", f"{name}.flow.yaml")
    path.write_text(text.replace("flow: small", f"flow: {name}"), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "statuses"),
    [(SOUND, (0, 0, 0)), (NOTED, (0, 0, 1)), (WARNED, (0, 1, 1)), (BROKEN, (1, 1, 1))],
    ids=["sound", "noted", "warned", "broken"],
)
def test_profile_decides_what_fails(run: Run, text: str, statuses: tuple[int, int, int]) -> None:
    write(text)
    assert tuple(run("lint", "--profile", name).status for name in ("draft", "ci", "production")) == statuses
    assert run("lint").status == statuses[1]


def test_tests_whose_flow_is_gone_are_reported_where_they_name_it(run: Run) -> None:
    write(SOUND)
    Path("flows/small.test.yaml").write_text("# Of small.\ntests: small\n")
    Path("flows/gone.test.yaml").write_text("# Of gone.\ntests: gone\n")
    Path("flows/other.test.yaml").write_text("suite: of another program\n")
    done = run("lint", "--format", "json", "--profile", "ci")
    found = json.loads(done.out)
    told = [(one["code"], one["file"], one["line"], one["column"]) for one in found["findings"]]
    assert (done.status, told) == (1, [("TST008", str(Path("flows/gone.test.yaml")), 2, 8)])
    assert "1 flow checked: 0 errors, 1 warning" in run("lint").out
    assert run("lint", "--ignore", "TST008").status == 0
    assert run("lint", "--fix", "--unsafe-fixes").out.count("TST008") == 1


def test_select_and_ignore_choose(run: Run) -> None:
    write(WARNED)
    assert run("lint", "--ignore", "API012").status == 0
    assert run("lint", "--select", "UX,SEC").status == 0
    assert run("lint", "--select", "API012").status == 1
    done = run("lint", "--select", "API999")
    assert (done.status, done.out) == (2, "")
    assert "--select: there is no rule `API999`." in done.err


def test_settings_are_found_upwards_and_may_be_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write(WARNED)
    Path("pyproject.toml").write_text("[tool.offhook.lint]\nignore = ['API']\n")
    assert run("lint").status == 0
    monkeypatch.chdir("flows")
    assert run("lint", ".").status == 0
    Path("offhook.toml").write_text("\ufeff[lint]\nprofile = 'draft'\n", encoding="utf-8")
    assert "API012" in run("lint", ".").out
    Path("other.toml").write_text("[lint]\nrule_st = 3\n")
    done = run("lint", ".", "--config", "other.toml")
    assert (done.status, "other.toml:2: There is no setting `rule_st`." in done.err) == (2, True)
    assert run("lint", ".", "--config", "none.toml").status == 2


def test_fix_writes_and_says_so_diff_only_shows(run: Run) -> None:
    path = write(OWNED)
    shown = run("lint", "--diff")
    assert (shown.status, "-      control_id: p1\n" in shown.out) == (1, True)
    assert path.read_text(encoding="utf-8") == OWNED
    done = run("lint", "--fix")
    assert (done.status, done.out, done.err) == (0, "1 flow checked, nothing found.\n", f"{path}: 1 repaired.\n")
    assert path.read_text(encoding="utf-8") == OWNED.replace("      control_id: p1\n", "")
    assert run("lint", "--diff").out == ""


def test_fix_keeps_line_ends_and_byte_order_mark(run: Run) -> None:
    path = write("")
    path.write_bytes(b"\xef\xbb\xbf" + OWNED.replace("\n", "\r\n").encode())
    assert run("lint", "--fix").status == 0
    assert (
        path.read_bytes()
        == b"\xef\xbb\xbf" + OWNED.replace("      control_id: p1\n", "").replace("\n", "\r\n").encode()
    )


def test_unsafe_fixes_alone_are_wrong_usage(run: Run) -> None:
    write(OWNED)
    assert run("lint", "--unsafe-fixes").status == 2


def test_baseline_leaves_out_what_was_there(run: Run) -> None:
    write(WARNED)
    assert run("lint", "--write-baseline", "known.json").status == 0
    done = run("lint", "--baseline", "known.json")
    assert (done.status, done.out) == (0, "1 flow checked, nothing found.\n")
    write(WARNED, "other")
    assert run("lint", "--baseline", "known.json").out.count("API012") == 1
    Path("offhook.toml").write_text("[lint]\nbaseline = 'known.json'\n")
    assert run("lint").out.count("API012") == 1
    Path("known.json").write_text('{"baseline": 7}')
    done = run("lint")
    assert (done.status, "offhook lint --write-baseline known.json" in done.err) == (2, True)
    assert run("lint", "--baseline", "none.json").status == 2


def test_what_the_baseline_leaves_out_is_not_repaired(run: Run) -> None:
    path = write(ORPHANED)
    assert run("lint", "--write-baseline", "known.json").status == 0
    for options in (("--fix",), ("--diff",)):
        done = run("lint", *options, "--unsafe-fixes", "--baseline", "known.json")
        assert (done.status, path.read_text(encoding="utf-8"), "orphan" in done.out) == (0, ORPHANED, False)
    write(ORPHANED.replace("orphan", "other"))
    assert run("lint", "--fix", "--unsafe-fixes", "--baseline", "known.json").status == 0
    assert path.read_text(encoding="utf-8") == SOUND


@pytest.mark.parametrize("typed", [".", "../flows", "{whole}", "{whole}/../flows/small.flow.yaml", "small.flow.yaml"])
@pytest.mark.parametrize(
    "setting",
    [
        "baseline = 'known.json'",
        "[lint.per-file-ignores]\n'flows/s*.yaml' = ['API']",
        "[lint.per-file-ignores]\n'./flows/s*.yaml' = ['API']",
    ],
)
def test_paths_of_settings_are_seen_from_their_folder(
    run: Run, monkeypatch: pytest.MonkeyPatch, typed: str, setting: str
) -> None:
    write(WARNED)
    Path("offhook.toml").write_text("[lint]\n")
    assert run("lint", "--write-baseline", "known.json").status == 0
    whole = str(Path("flows").absolute())
    monkeypatch.chdir("flows")
    assert run("lint", typed.format(whole=whole)).out.count("API012") == 1
    assert run("lint", typed.format(whole=whole), "--baseline", "../known.json").status == 0
    Path("../offhook.toml").write_text(f"[lint]\n{setting}\n")
    done = run("lint", typed.format(whole=whole))
    assert (done.status, done.out) == (0, "1 flow checked, nothing found.\n")


def test_baseline_without_settings_is_seen_from_the_repositorys_root(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write(WARNED)
    Path(".git").mkdir(exist_ok=True)
    monkeypatch.chdir("flows")
    assert run("lint", ".", "--write-baseline", "../known.json").status == 0
    assert '"flows/small.flow.yaml"' in Path("../known.json").read_text(encoding="utf-8")
    monkeypatch.chdir("..")
    assert run("lint", "--baseline", "known.json").status == 0


def test_github_writes_the_jobs_summary(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write(WARNED)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    done = run("lint", "--format", "github")
    assert done.out.startswith("::warning file=flows/small.flow.yaml,line=6,endLine=6,col=40,endColumn=41,title=API012")
    assert "**API012**" in Path("summary.md").read_text(encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "flows")
    assert run("lint", "--format", "github").status == 2


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif", "junit"])
def test_every_format_has_the_same_exit_status(run: Run, form: str) -> None:
    write(WARNED)
    assert run("lint", "--format", form).status == 1
    write(SOUND)
    assert run("lint", "--format", form).status == 0


def test_files_that_are_not_what_they_should_be_are_findings(run: Run) -> None:
    Path("flows/binary.flow.yaml").write_bytes(bytes(range(256)) * 100)
    Path("flows/empty.flow.yaml").touch()
    Path("flows/huge.flow.yaml").write_bytes(b"x" * 2_000_000)
    Path("flows/deep.flow.yaml").write_text("[" * 5_000)
    Path("flows/around").symlink_to(".", target_is_directory=True)
    Path("flows/itself.flow.yaml").symlink_to("itself.flow.yaml")
    Path("flows/gone.flow.yaml").symlink_to("nowhere.flow.yaml")
    write(WARNED)
    done = run("lint", "--format", "json")
    assert done.status == 1
    found = {Path(one["file"]).name: one["code"] for one in json.loads(done.out)["findings"]}
    assert found == {
        "binary.flow.yaml": "SYN009",
        "empty.flow.yaml": "SYN009",
        "huge.flow.yaml": "SYN009",
        "deep.flow.yaml": "SYN009",
        "small.flow.yaml": "API012",
        "itself.flow.yaml": "SYN009",
        "gone.flow.yaml": "SYN009",
    }


def test_many_files_are_checked_in_processes_with_the_same_findings(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        write(WARNED if number % 2 else BROKEN, f"f{number}")
    alone = run("lint", "--no-cache", "--format", "json")
    monkeypatch.setattr(many, "PARALLEL_BYTES", 0)
    monkeypatch.setattr(many, "_processors", lambda: 2)
    assert run("lint", "--no-cache", "--format", "json") == alone
    assert run("lint", "--no-cache", "--format", "json", "--jobs", "3") == alone


def test_no_color_is_respected(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write(WARNED)
    monkeypatch.setattr("click.utils.should_strip_ansi", lambda stream, color: color is False)
    assert "\x1b[" in run("lint").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in run("lint").out


def test_explain_shows_the_page_of_every_code(run: Run) -> None:
    for code in sorted(registry.codes()):
        done = run("explain", code.lower())
        assert (done.status, done.out.startswith(f"{code} ")) == (0, True)
    listed = run("explain")
    assert {line.split()[0] for line in listed.out.splitlines()} == {page.code for page in registry.pages()}


def test_explain_as_json_and_of_an_unknown_code(run: Run) -> None:
    rows = json.loads(run("explain", "UX001", "--format", "json").out)["rules"]
    assert [(one["code"], one["options"], one["by"]) for one in rows] == [("UX001", {"max_options": 5}, "rule")]
    done = run("explain", "UX01")
    assert (done.status, "Did you mean `UX0" in done.err) == (2, True)


def test_mistake_of_a_subflow_is_reported_once_in_its_own_file(run: Run) -> None:
    Path("flows/lib").mkdir()
    Path("flows/lib/other.flow.yaml").write_text(BROKEN.replace("flow: small", "flow: other"), encoding="utf-8")
    write(small("  a:\n    subflow: {flow: other}\n    next: bye\n"))
    found = json.loads(run("lint", "--format", "json").out)["findings"]
    assert [(one["file"], one["code"]) for one in found] == [
        ("flows/lib/other.flow.yaml", "FLW001"),
        ("flows/small.flow.yaml", "FLW017"),
    ]


@pytest.mark.slow
def test_flow_of_50_000_lines_has_an_answer(run: Run) -> None:
    step = "  s{}:\n    play: Hello.\n    next:\n      finished: s{}\n      error: s{}\n"
    steps = "".join(step.format(at, at + 1, at) for at in range(9_999))
    text = (
        "flow: small\nlanguage: 1\nlimits: {visits: 5, next: s9999}\nstart: s0\nsteps:\n"
        + steps
        + "  s9999:\n    end: hangup\n"
    )
    assert text.count("\n") >= 50_000
    write(text)
    assert run("lint").out.startswith("1 flow checked")


@pytest.mark.slow
def test_2_000_files_have_an_answer(run: Run) -> None:
    for number in range(2_000):
        write(WARNED, f"f{number}")
    assert run("lint").out.splitlines()[-1] == "2000 flows checked: 0 errors, 2000 warnings."


def test_files_that_nobody_may_look_at_are_findings(run: Run) -> None:
    closed = Path("flows/closed")
    closed.mkdir()
    (closed / "a.flow.yaml").write_text(SOUND)
    write(SOUND).chmod(0)
    closed.chmod(0o644)
    root = os.geteuid() == 0
    if root:
        Path.cwd().chmod(0o755)
        os.seteuid(65534)  # root may read everything
    try:
        done = [run("lint", "flows", "--format", "json"), run("lint", "flows/closed/a.flow.yaml", "--format", "json")]
    finally:
        if root:
            os.seteuid(0)
        closed.chmod(0o755)
    assert [one.status for one in done] == [1, 1]
    found = [one["message"] for run_ in done for one in json.loads(run_.out)["findings"]]
    assert found == ["The file cannot be read: Permission denied."] * 3


def test_settings_that_are_a_folder_or_lead_nowhere_are_told(run: Run) -> None:
    write(SOUND)
    settings = Path("offhook.toml")
    settings.mkdir()
    assert (run("lint").status, "it is a folder" in run("lint").err) == (2, True)
    settings.rmdir()
    settings.symlink_to("nowhere.toml")
    assert (run("lint").status, "offhook.toml cannot be read" in run("lint").err) == (2, True)


def test_difference_of_a_file_whose_last_line_does_not_end_says_so(run: Run) -> None:
    path = write(SOUND.replace("    next: bye", "    nxt: bye").rstrip("\n"))
    after = write(SOUND.replace("    next: bye", "    nxt: bye").rstrip("\n"), "other")
    done = run("lint", "--diff", str(path), str(after))
    assert "--- flows/other.flow.yaml\n" in done.out
    json_like = "{flow: flat, language: 1, start: a, steps: {a: {play: Hello, nxt: bye}, bye: {end: hangup}}}"
    flat = write(json_like, "flat")
    lines = run("lint", "--diff", str(flat), str(path)).out.split("\n")
    assert lines[3] == f"-{json_like}"
    assert lines[4] == "\\ No newline at end of file"
    assert lines[5] == f"+{json_like.replace('nxt', 'next')}"
    assert lines[6:8] == ["\\ No newline at end of file", "--- flows/small.flow.yaml"]


TESTED = "tests: small\ncases:\n  somebody calls:\n    expect: {path: [a, b, bye]}\n"


def test_what_is_wrong_in_a_test_file_is_shown_there_in_every_format(run: Run, tmp_path: Path) -> None:
    """Twice: as it is found, and as it is kept."""
    write(SOUND)
    Path("flows/small.test.yaml").write_text(TESTED, encoding="utf-8")
    for _ in range(2):
        text = run("lint")
        assert text.status == 1
        assert "flows/small.test.yaml:4:24: warning TST003 not-in-flow: `small` has no step `b`." in text.out
        assert f"    4 |     expect: {{path: [a, b, bye]}}\n        {' ' * 23}^\n" in text.out
        assert "1 flow checked: 0 errors, 1 warning." in text.out
        (row,) = json.loads(run("lint", "--format", "json").out)["findings"]
        assert (row["file"], row["line"], row["column"]) == ("flows/small.test.yaml", 4, 24)
        assert row["editor"]["start"] == {"line": 3, "character": 23}
        assert row["path"] == "cases.somebody calls.expect.path.1"
        (result,) = json.loads(run("lint", "--format", "sarif").out)["runs"][0]["results"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "flows/small.test.yaml"
        assert (place["region"]["startLine"], place["region"]["startColumn"]) == (4, 24)
        assert "file=flows/small.test.yaml,line=4,endLine=4,col=24" in run("lint", "--format", "github").out
        assert 'classname="flows/small.test.yaml"' in run("lint", "--format", "junit").out


def test_baseline_knows_what_is_wrong_in_a_test_file_by_its_own_text(run: Run) -> None:
    write(SOUND)
    tests = Path("flows/small.test.yaml")
    tests.write_text(TESTED, encoding="utf-8")
    run("lint", "--write-baseline", "known.json")
    tests.write_text(f"# moved\n{TESTED}", encoding="utf-8")
    assert run("lint", "--baseline", "known.json").status == 0
    tests.write_text(TESTED.replace("b,", "c,"), encoding="utf-8")
    assert run("lint", "--baseline", "known.json").status == 1
