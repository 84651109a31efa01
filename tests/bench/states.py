"""How large a run's state gets: the largest that the project's flows reach in the calls of their own tests, and the largest of
calls that go straight through 300 steps."""

from pathlib import Path
from typing import Any
from unittest.mock import patch

from engine.model import codec
from engine.project import testing
from engine.simulate import simulate
from engine.simulate.cases import ready
from engine.simulate.outcome import Outcome
from tests.playbooks.straight import flows, largest_of

FLOWS = Path(__file__).resolve().parents[2] / "flows"


def measure() -> dict[str, Any]:
    """Bytes, and the flow whose run has them."""
    long = {name: largest_of(flow)[1] for name, flow in flows().items()}
    sizes = {path.name.removesuffix(".test.yaml"): _largest(path) for path in sorted(FLOWS.glob("*.test.yaml"))}
    flow = max(sizes, key=lambda name: sizes[name])
    return {
        "largest_state_bytes": sizes[flow],
        "largest_state_flow": flow,
        "largest_state_300_steps_bytes": max(long.values()),
    }


def _largest(path: Path) -> int:
    outcomes: list[Outcome] = []

    def kept(*given: Any) -> Outcome:
        outcomes.append(simulate(*given))
        return outcomes[-1]

    with patch.object(ready, "simulate", kept):
        tested = testing.run(path)
    assert tested.passed, tested
    return max(
        len(codec.encode(one[1].state)) for outcome in outcomes for one in outcome.happened if isinstance(one, tuple)
    )
