"""Every playbook is closed after its test: nothing sent and unnamed, and the same to the byte when replayed."""

from collections.abc import Iterator

import pytest

from tests.playbooks import playbook


@pytest.fixture(autouse=True)
def _playbooks_are_closed() -> Iterator[None]:
    playbook.OPEN.clear()
    yield
    opened, playbook.OPEN[:] = list(playbook.OPEN), []
    for one in opened:
        one.close()
