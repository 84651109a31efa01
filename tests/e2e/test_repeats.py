"""What the client sends again, and what it must not."""

from collections.abc import AsyncIterator

import anyio
import pytest

from engine.exchange.faults import Fault
from engine.exchange.options import ExchangeOptions
from engine.model.bundle import Bundle
from engine.project.flows import FlowFile
from engine.runner.stage import stage
from engine.sandbox.phone import Phone

pytestmark = pytest.mark.asyncio_only
NUMBER = "+15550100"
FLOW = b"""flow: short
language: 1
start: hi
steps:
  hi: {play: "Hi.", next: rest}
  rest: {wait: 2s, next: bye}
  bye: {end: hangup}
"""


async def nothing_typed() -> AsyncIterator[str]:
    await anyio.sleep_forever()
    yield ""


async def test_prompt_that_was_carried_out_and_answered_500_is_heard_once() -> None:
    """It is over, and has reported, before the client would send it again."""
    options = ExchangeOptions(faults=(Fault(kind="calling.play", do="execute_500"),))
    flow = FlowFile("short.flow.yaml", Bundle("short", {"short.flow.yaml": FLOW}))
    async with stage([flow], routes={NUMBER: "short"}, options=options) as made:
        phone = Phone(base_url=made.sandbox.url, write=lambda line: None, lines=nothing_typed())
        rung = await phone.ring(NUMBER)
    assert rung.heard == ("Hi.",)
