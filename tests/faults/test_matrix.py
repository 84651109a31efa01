"""A part of the matrix: every fault, every flow, a few of its cases. The whole: `python -m tests.faults`."""

import zlib

import pytest

from tests.faults.matrix import FAULTS, row
from tests.faults.subjects import subjects

EVERY = 12
"""One case of so many is tried under each fault, another one under each."""


@pytest.mark.parametrize("fault", FAULTS)
def test_every_call_ends_as_without_the_fault_or_with_a_failure_that_has_a_name(fault: str) -> None:
    first = zlib.crc32(fault.encode()) % EVERY
    found = row(fault, subjects()[first::EVERY], seeds=1)
    assert found.others == []
    assert found.calls == found.same + found.failed > 20
    if fault == "none":
        assert found.failed == 0


def test_every_flow_is_among_the_calls() -> None:
    assert len({one.flow for one in subjects()}) >= 12
