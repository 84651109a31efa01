"""A company's service that is pretended: how replies are written, and who gets which."""

import httpx
import pytest

from engine.model.errors import ConfigurationError
from engine.sandbox.company import Company, Given, read_reply

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("lookup=404", Given(step="lookup", status=404)),
        ('lookup={"a": 1}', Given(step="lookup", body={"a": 1})),
        ('lookup=3s {"a": [1]}', Given(step="lookup", body={"a": [1]}, after_ms=3_000)),
        ("lookup=500ms 503", Given(step="lookup", status=503, after_ms=500)),
        ("lookup=never", Given(step="lookup", never=True)),
        ("finally.1=204", Given(step="finally.1", status=204)),
        ("lookup=2s", Given(step="lookup", body={}, after_ms=2_000)),
    ],
)
async def test_reply_is_read_as_it_is_written(text: str, given: Given) -> None:
    assert read_reply(text) == given


@pytest.mark.parametrize("text", ["", "lookup", "lookup={", "=404", "lookup=soon"])
async def test_reply_that_says_nothing_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_reply(text)
    assert "STEP=404" in refused.value.help


async def test_each_request_of_a_step_gets_the_next_reply_and_the_last_one_stays() -> None:
    company = Company([read_reply(one) for one in ("a=401", 'a={"ok": true}', "finally.1=204")])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(company.app), base_url="http://company") as client:

        async def asked(step: str) -> tuple[int, bytes]:
            answer = await client.post("/x/y", headers={"Idempotency-Key": f"irun.0.{step}.1.1.fetch"})
            return answer.status_code, answer.content

        assert await asked("a") == (401, b"")
        assert await asked("a") == (200, b'{"ok":true}')
        assert await asked("a") == (200, b'{"ok":true}')
        assert await asked("finally.1") == (204, b"")
        assert (await asked("b"))[0] == 503
