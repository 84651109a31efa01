import subprocess
import sys
from importlib import import_module

import pytest

from engine.project.without_protobuf import without_protobuf
from tests.architecture.source import ROOT


def test_protobuf_cannot_be_imported_meanwhile_and_is_as_it_was_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [one for one in sys.modules if one.startswith("google.protobuf")]:
        monkeypatch.delitem(sys.modules, name)
    with without_protobuf(), pytest.raises(ImportError):
        import_module("google.protobuf")
    assert "google.protobuf" not in sys.modules


def test_a_sound_flow_is_checked_without_what_only_a_mistake_needs() -> None:
    dear = ("google.protobuf.message", "jsonschema", "engine.compile.mistakes", "engine.expr.mistakes")
    code = f"import sys; from engine.cli import main\ntry: main()\nfinally: print([one for one in {dear} if one in sys.modules])"
    command = [sys.executable, "-c", code, "lint", "--no-cache", str(ROOT / "flows" / "account_line.flow.yaml")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
