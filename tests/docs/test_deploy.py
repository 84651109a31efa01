"""The unit and the image give the runner no right that it does not need."""

import shutil
import subprocess
from pathlib import Path

import pytest

from engine.project.environment import Guarding
from engine.runner.guarding import connection_limits
from tests.architecture.source import ROOT

DEPLOY = ROOT / "docs" / "deploy"
UNIT = (DEPLOY / "offhook.service").read_text(encoding="utf-8")
IMAGE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
EXPOSURE = 20
"""In tenths: what systemd calls OK is below 40."""


def test_unit_gives_no_rights() -> None:
    said = dict(line.split("=", 1) for line in UNIT.splitlines() if "=" in line and not line.startswith("#"))
    wanted = {
        "DynamicUser": "yes",
        "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": "",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "MemoryDenyWriteExecute": "yes",
        "RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX",
        "LimitCORE": "0",
    }
    assert {name: said.get(name) for name in wanted} == wanted


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here")
def test_unit_is_sound_and_little_exposed(tmp_path: Path) -> None:
    unit = tmp_path / "offhook.service"
    unit.write_text(UNIT.replace("/opt/offhook/bin/offhook", "/bin/true"), encoding="utf-8")
    verified = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    complaints = [line for line in verified.stderr.splitlines() if "offhook.service" in line]
    assert complaints == []
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE}", unit],
        capture_output=True,
        text=True,
        check=False,
    )
    assert rated.returncode == 0, rated.stdout[-300:]


@pytest.mark.skipif(shutil.which("hadolint") is None, reason="hadolint is not here")
def test_image_is_what_hadolint_likes() -> None:
    found = subprocess.run(
        ["hadolint", "--no-color", DEPLOY / "Containerfile"], capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stdout) == (0, "")


def test_image_holds_nothing_that_only_builds() -> None:
    built, final = IMAGE.split("\nFROM ")[-2:]
    assert "/build/bin/pip wheel" in built
    assert "/opt/offhook/bin/pip uninstall --yes pip" in built
    assert "hatchling" not in built.partition("python -m venv /opt/offhook")[2]
    assert [line for line in final.splitlines() if line.startswith("COPY ")] == [
        "COPY --from=build /opt/offhook /opt/offhook"
    ]


def test_image_is_run_by_nobody_and_holds_exact_versions() -> None:
    final = IMAGE.rpartition("\nFROM ")[2]
    assert "USER 10001:10001" in final
    assert "constraints.txt" in IMAGE
    assert ":latest" not in IMAGE
    assert all(":" in line.split()[1] for line in IMAGE.splitlines() if line.startswith("FROM "))
    assert "ADD " not in IMAGE
    for line in IMAGE.splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            assert all((ROOT / name).exists() for name in line.split()[1:-1]), line


def test_open_files_of_the_unit_are_enough_for_all_connections() -> None:
    files = int(UNIT.split("LimitNOFILE=")[1].split("\n")[0])
    assert files >= connection_limits(Guarding()).connections + 1_000
