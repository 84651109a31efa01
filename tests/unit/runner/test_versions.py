"""Graphs of versions that are served no more."""

import pytest

from engine.model.errors import JournalError
from engine.model.ids import Digest
from engine.runner import versions
from engine.runner.versions import Versions
from tests.unit.runner.inside import FLOW, library


def nowhere(digest: Digest) -> None:
    """No journal that has it."""


def test_earlier_version_is_remembered_for_a_while_and_then_compiled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "_REMEMBERED", 2)
    kept = [library(FLOW.replace("Hello.", text)).served["short"] for text in ("One.", "Two.", "Three.", "Four.")]
    found = Versions(library(FLOW.replace("Hello.", "One.")))
    for text in ("Two.", "Three.", "Four."):
        found.replace(library(FLOW.replace("Hello.", text)))
    first, second, _, served = kept
    assert found.of(served.graph.digest, nowhere) is found.library.served["short"].graph
    assert found.of(second.graph.digest, nowhere).digest == second.graph.digest
    with pytest.raises(JournalError, match="not in the journal"):
        found.of(first.graph.digest, nowhere)
    again = found.of(first.graph.digest, lambda digest: first.bundle.encode())
    assert again.digest == first.graph.digest
    assert found.of(first.graph.digest, nowhere) is again
