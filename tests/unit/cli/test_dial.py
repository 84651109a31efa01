"""What `offhook dial` asks a runner for."""

from typing import Any

import pytest
from click.testing import CliRunner

from engine.calling import runs_api
from engine.cli import offhook


def test_inputs_are_sent_as_the_texts_that_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, Any]] = []

    def start_run(runner: str, token: str, body: dict[str, Any], key: str = "") -> tuple[int, dict[str, Any]]:
        sent.append(body)
        return 202, {"run": "o1"}

    monkeypatch.setattr(runs_api, "start_run", start_run)
    monkeypatch.setenv("OFFHOOK_API_TOKEN", "t")
    given = ["name=007", "count=3", "vip=true", "note=a=b", "empty="]
    options = [part for one in given for part in ("--input", one)]
    done = CliRunner().invoke(offhook, ["dial", "reminder", "--to", "+15550177", *options])
    assert (done.exit_code, done.output) == (0, "o1\n")
    assert sent[0]["inputs"] == {"name": "007", "count": "3", "vip": "true", "note": "a=b", "empty": ""}
