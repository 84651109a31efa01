"""What `offhook lint` costs, as a process that starts from nothing: one file, and a folder of 200. Beside it, on the same
files and in turn, yamllint and check-jsonschema: what people use instead.

`lint` is without `.offhook_cache`: nothing is known. `lint_again` is the same command when nothing has changed since.
"""

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
from tests.bench.machine import as_installed, median

FILES = 200
_ONE_TIMES = 9
_ALL_TIMES = 3
_BESIDE = ("swml", "lib", "calendars")
_NAME = re.compile(r"^flow: (\w+)$", re.MULTILINE)
Commands = dict[str, list[str]]


def measure(say: Callable[[str], None]) -> dict[str, float | int]:
    """Milliseconds from start to end of the process, medians; for 200 files also by file and by kB of flow."""
    with tempfile.TemporaryDirectory(prefix="offhook-bench-") as place:
        folder = Path(place)
        files = write(folder)
        tools = commands(folder)
        size = sum(one.stat().st_size for one in files)
        found: dict[str, float | int] = {"lint_files_bytes": size}
        for what, paths, times in (("one_file", files[:1], _ONE_TIMES), (f"{FILES}_files", files, _ALL_TIMES)):
            took: dict[str, list[float]] = {tool: [] for tool in tools}
            _ms(folder, [*tools["lint_again"], *map(str, paths)])
            for _ in range(times):
                for tool, command in tools.items():
                    took[tool].append(_ms(folder, [*command, *map(str, paths)]))
            say(f"lint, {what}: " + ", ".join(f"{tool} {median(ms):.0f} ms" for tool, ms in took.items()))
            found |= {f"{tool}_{what}_ms_median": round(median(ms)) for tool, ms in took.items()}
        for tool in tools:
            total = found[f"{tool}_{FILES}_files_ms_median"]
            found[f"{tool}_ms_per_file"] = round(total / FILES, 2)
            found[f"{tool}_ms_per_kb"] = round(total / size * 1000, 2)
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
    rules = {"extends": "default", "rules": {"line-length": "disable", "document-start": "disable"}}
    whole = folder / "whole.schema.json"
    whole.write_text(json.dumps(schema("flow.schema.json")), encoding="utf-8")
    lint = [sys.executable, "-c", "from engine.cli import main; main()", "lint", "--profile", "draft"]
    return {
        "lint": [*lint, "--no-cache"],
        "lint_again": lint,
        "yamllint": [_beside_python("yamllint"), "--no-warnings", "-d", json.dumps(rules)],
        "check_jsonschema": [_beside_python("check-jsonschema"), "--schemafile", str(whole)],
    }


def _beside_python(name: str) -> str:
    """As `make` has installed it, with this Python."""
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        raise OSError(f"{name} is not installed; it is one of the development tools: make bench")
    return found


def _ms(folder: Path, command: list[str]) -> float:
    """In the folder of the flows, where the cache is kept then."""
    began = time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, env=as_installed(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
    )
    took = (time.perf_counter() - began) * 1000
    if done.returncode not in (0, 1):
        raise OSError(f"{command[0]} ended with {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")
    return took
