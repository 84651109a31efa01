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

FRIENDLY = b"""flow: friendly
language: 1
start: hi
steps:
  hi: {play: "Hi.", next: thanks}
  thanks: {play: "Thank you for calling.", next: bye}
  sorry: {play: "Sorry.", next: bye}
  bye: {end: hangup}
handlers: {error: sorry, rejected: sorry, lost: sorry}
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


async def test_prompt_that_plays_is_not_rejected_by_its_own_repeat() -> None:
    """Its webhook is late, so that the repeat meets it: what plays is not taken for refused."""
    faults = (
        Fault(kind="calling.play", do="execute_500", nth=2),
        Fault(kind="play.playing", do="delay", nth=2, delay_ms=1_500),
    )
    flow = FlowFile("friendly.flow.yaml", Bundle("friendly", {"friendly.flow.yaml": FRIENDLY}))
    async with stage([flow], routes={NUMBER: "friendly"}, options=ExchangeOptions(faults=faults)) as made:
        phone = Phone(base_url=made.sandbox.url, write=lambda line: None, lines=nothing_typed())
        rung = await phone.ring(NUMBER)
    assert rung.heard == ("Hi.", "Thank you for calling.")
