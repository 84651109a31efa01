"""Compiles one file and prints the codes of its diagnostics: run as a process of its own by test_hostile."""

import sys
from pathlib import Path

from engine.compile import compile_bundle
from engine.model.bundle import Bundle

if __name__ == "__main__":
    path = Path(sys.argv[1])
    result = compile_bundle(Bundle(path.name.removesuffix(".flow.yaml"), {path.name: path.read_bytes()}))
    assert (result.graph is None) == any(one.severity == "error" for one in result.diagnostics)
    print(" ".join(sorted({one.code for one in result.diagnostics})))
