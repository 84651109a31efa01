"""What `offhook lint` costs, as a process that starts from nothing: one file, and a folder of 200. Beside it, on the same
files and in turn, yamllint and check-jsonschema where they are installed: what people use instead."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from engine.compile.schemas import schema
from tests.architecture.source import ROOT
from tests.bench.machine import median

FILES = 200
_ONE_TIMES = 9
_ALL_TIMES = 3
_BESIDE = ("swml", "lib", "calendars")
_NAME = re.compile(r"^flow: (\w+)$", re.MULTILINE)
Commands = dict[str, list[str]]


def measure(say: Callable[[str], None]) -> dict[str, float | int | None]:
    """Milliseconds from start to end of the process, medians; None for what is not installed."""
    with tempfile.TemporaryDirectory(prefix="offhook-bench-") as place:
        folder = Path(place)
        files = write(folder)
        tools = commands(folder)
        found: dict[str, float | int | None] = {"lint_files_bytes": sum(one.stat().st_size for one in files)}
        for what, paths, times in (("one_file", files[:1], _ONE_TIMES), (f"{FILES}_files", files, _ALL_TIMES)):
            took: dict[str, list[float]] = {tool: [] for tool in tools}
            for _ in range(times):
                for tool, command in tools.items():
                    took[tool].append(_ms([*command, *map(str, paths)]))
            say(f"lint, {what}: " + ", ".join(f"{tool} {median(ms):.0f} ms" for tool, ms in took.items()))
            for tool in ("lint", "yamllint", "check_jsonschema"):
                found[f"{tool}_{what}_ms_median"] = round(median(took[tool])) if tool in took else None
        return found


def write(folder: Path, count: int = FILES) -> list[Path]:
    """So many flows in the folder, copies of the shipped ones under names of their own, with what stands beside them."""
    for name in _BESIDE:
        if (ROOT / "flows" / name).is_dir():
            shutil.copytree(ROOT / "flows" / name, folder / name)
    shipped = sorted((ROOT / "flows").glob("*.flow.yaml"))
    written = []
    for number in range(count):
        text = shipped[number % len(shipped)].read_text(encoding="utf-8")
        path = folder / f"flow_{number}.flow.yaml"
        path.write_text(_NAME.sub(f"flow: {path.name.partition('.')[0]}", text, count=1), encoding="utf-8")
        written.append(path)
    return written


def commands(folder: Path) -> Commands:
    """By tool, to be followed by the files. The schema is written to the folder in one piece, so that none is fetched."""
    found = {"lint": [sys.executable, "-m", "engine.cli", "lint", "--profile", "draft"]}
    if yamllint := shutil.which("yamllint"):
        rules = {"extends": "default", "rules": {"line-length": "disable", "document-start": "disable"}}
        found["yamllint"] = [yamllint, "--no-warnings", "-d", json.dumps(rules)]
    if checker := shutil.which("check-jsonschema"):
        whole = folder / "whole.schema.json"
        whole.write_text(json.dumps(schema("flow.schema.json")), encoding="utf-8")
        found["check_jsonschema"] = [checker, "--schemafile", str(whole)]
    return found


def _ms(command: list[str]) -> float:
    began = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    took = (time.perf_counter() - began) * 1000
    if done.returncode not in (0, 1):
        raise OSError(f"{command[0]} ended with {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")
    return took
