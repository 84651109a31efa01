"""What users install: the wheel is built from the sdist, without network, and finds its schemas and flows."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from engine import resources
from tests.architecture.source import ROOT, modules

pytestmark = pytest.mark.slow

SHIPPED = (".json", ".yaml")
DIGESTS = """
import hashlib, json, sys
sys.path.insert(0, sys.argv[1])
from engine import resources
names = [name for folder in resources.FOLDERS for name in resources.names(folder)]
print(json.dumps({name: hashlib.sha256(resources.read_bytes(name)).hexdigest() for name in names}))
"""


def run(*arguments: str | Path, cwd: Path = ROOT) -> str:
    """Run this Python, with no package index to fall back on; its standard output."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    environment |= {"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_CONFIG_FILE": os.devnull}
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build(source: Path, target: Path) -> Path:
    run("-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", target, source)
    (wheel,) = target.glob("offhook-*.whl")
    return wheel


def shipped() -> dict[str, str]:
    names = [name for folder in resources.FOLDERS for name in resources.names(folder) if name.endswith(SHIPPED)]
    return {name: hashlib.sha256(resources.read_bytes(name)).hexdigest() for name in names}


def test_wheel_has_the_package_and_its_resources(tmp_path: Path) -> None:
    with ZipFile(build(ROOT, tmp_path)) as wheel:
        inside = set(wheel.namelist())
        (entry_points,) = (name for name in inside if name.endswith("entry_points.txt"))
        assert "offhook = engine.cli:main" in wheel.read(entry_points).decode()
    expected = {str(module.path.as_posix()) for module in modules()} | {"engine/py.typed"}
    expected |= {f"engine/_data/{name}" for name in shipped()}
    assert expected <= inside, sorted(expected - inside)
    assert not {name for name in inside if name.startswith(("tests/", "schemas/", "flows/", "docs/"))}


def test_wheel_built_from_the_sdist_finds_its_resources_when_installed(tmp_path: Path) -> None:
    run("-m", "hatchling", "build", "--target", "sdist", "--directory", tmp_path)
    (sdist,) = tmp_path.glob("offhook-*.tar.gz")
    wheel = build(sdist, tmp_path)
    installed = tmp_path / "installed"
    run("-m", "pip", "install", "--quiet", "--no-deps", "--target", installed, wheel)
    empty = tmp_path / "empty"
    empty.mkdir()
    found = json.loads(run("-I", "-S", "-c", DIGESTS, installed, cwd=empty))
    assert {name: digest for name, digest in found.items() if name.endswith(SHIPPED)} == shipped()
    assert shipped(), "no schemas and no flows at all"
