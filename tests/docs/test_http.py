"""The pages' curl commands, carried out against a sandbox and a runner; their answers have the shape that is shown."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from engine.cli import shipped
from engine.project.environment import load
from engine.runner.stage import API_TOKEN, Stage, stage
from tests.architecture.source import ROOT
from tests.docs.commands import shown
from tests.docs.pages import BY_NAME, Block

pytestmark = pytest.mark.asyncio_only

SANDBOX, RUNNER = "http://127.0.0.1:8787", "http://127.0.0.1:8788"
VARIABLES = {"SIGNALWIRE_PROJECT_ID": "sandbox", "SIGNALWIRE_API_TOKEN": "sandbox-token"}
_REMEMBERED = {"call_id": "$CALL", "segment_id": "$SEGMENT", "run": "$RUN"}


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Stage]:
    """The shipped environment `sandbox`, on free ports."""
    environment = load(ROOT / "flows" / "environments" / "sandbox.env.yaml", VARIABLES)
    async with stage(
        [shipped.flow(name, environment.uses) for name in shipped.known()],
        routes=environment.routes,
        uses=environment.uses,
        speed=10,
    ) as found:
        yield found


@pytest.mark.parametrize("name", ["docs/environment.md", "docs/sandbox.md"])
async def test_curl_commands_do_what_the_page_says(name: str, running: Stage) -> None:
    known = {"$OFFHOOK_API_TOKEN": API_TOKEN, SANDBOX: running.sandbox.url, RUNNER: running.runner_url}
    answer: Any = None
    count = 0
    async with httpx.AsyncClient(timeout=10) as client:
        for block in BY_NAME[name].blocks:
            for words in _curls(block):
                answer = await _curl(client, [_filled(word, known) for word in words])
                _remember(answer, known)
                count += 1
            if block.kind == "json" and not block.words:
                assert answer is not None, f"{block}: the answer to what?"
                assert not list(_differences(json.loads(block.text), answer)), block
                answer = None
    assert count > 3, "no curl commands found"


def _curls(block: Block) -> list[tuple[str, ...]]:
    return [one.words for one in shown(block) if one.words[0] == "curl"] if block.kind == "sh" else []


def _filled(word: str, known: dict[str, str]) -> str:
    for name, value in known.items():
        word = word.replace(name, value)
    return word


def _remember(answer: Any, known: dict[str, str]) -> None:
    for key, name in _REMEMBERED.items():
        if isinstance(answer, dict) and key in answer:
            known[name] = answer[key]


async def _curl(client: httpx.AsyncClient, words: list[str]) -> Any:
    """curl's options -X, -H, -d and -u."""
    method, url, headers, body, auth = "GET", "", {}, None, None
    rest = iter(words[1:])
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            key, _, value = next(rest).partition(": ")
            headers[key] = value
        elif word == "-d":
            body = next(rest)
        elif word == "-u":
            user, _, password = next(rest).partition(":")
            auth = httpx.BasicAuth(user, password)
        else:
            assert word.startswith("http://"), f"curl {word}"
            url = word
    assert "$" not in url + (body or ""), url
    answer = await client.request(method, url, headers=headers, content=body, auth=auth)
    assert answer.status_code < 400, f"{url}: {answer.status_code} {answer.text}"
    return answer.json()


def _differences(wanted: Any, found: Any, where: str = "") -> Iterator[str]:
    """Where the keys of the answer are not those that are shown."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        yield from (f"{where}.{key}" for key in wanted.keys() ^ found.keys())
        for key in wanted.keys() & found.keys():
            yield from _differences(wanted[key], found[key], f"{where}.{key}")
    elif isinstance(wanted, list) and isinstance(found, list):
        for one, other in zip(wanted[:1], found[:1], strict=False):
            yield from _differences(one, other, f"{where}[0]")
    elif isinstance(wanted, dict | list) or isinstance(found, dict | list):
        yield where
