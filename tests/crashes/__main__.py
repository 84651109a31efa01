"""The figures of calls that are abandoned everywhere: `python -m tests.crashes`. Prints one JSON object."""

import json
import logging
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

import msgspec

from tests.crashes.cases import INBOUND, OUTBOUND, everywhere, made


def main() -> int:
    logging.disable()
    warnings.simplefilter("ignore")
    sys.unraisablehook = lambda _: None
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory(prefix="offhook-crashes-") as folder:
        for case in (INBOUND, OUTBOUND):
            for tried_again in (True, False):
                name = f"{case.flow}, webhooks {'tried again' if tried_again else 'lost'}"
                print(f"crashes: {name}", file=sys.stderr, flush=True)
                abandoned = everywhere(case, made(Path(folder) / str(len(found))), tried_again=tried_again)
                places = {"awaits": abandoned.awaits, "writes": abandoned.writes}
                found[name] = {**places, "faults": abandoned.counts.faults, **msgspec.to_builtins(abandoned.counts)}
    print(json.dumps(found, indent=2))
    return 1 if any(one["faults"] for one in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
