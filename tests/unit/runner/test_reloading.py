"""A new environment file, and new tokens, while the runner serves."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from engine.compile.schemas import schema
from engine.journal.memory import MemoryJournal
from engine.model.errors import ConfigurationError
from engine.project import snapshot
from engine.project.environment import Environment, load, with_files
from engine.runner.reading import library_in
from engine.runner.reloading import _LATER, AT_ONCE
from engine.runner.watching import Watch
from engine.wire import swml
from engine.wire.signature import sign
from tests.e2e.polling import until
from tests.unit.runner.inside import NUMBER, Inside, inside

pytestmark = pytest.mark.anyio
OTHER = "+15550101"
GREETING = """
flow: short
language: 1
uses: {greeting: string}
start: hello
steps:
  hello:
    play: "${{ uses.greeting }}"
    next: bye
  bye:
    end: hangup
"""


class Site:
    def __init__(self, at: Inside, watch: Watch, file: Path, document: dict[str, Any]) -> None:
        self.at = at
        self.file = file
        self._watch = watch
        self._document = document

    async def change(self, **more: Any) -> None:
        self._document |= more
        self.file.write_bytes(msgspec.json.encode(self._document))
        await self.look()

    async def look(self) -> None:
        """What is seen at one look counts when the next one sees the same."""
        await self._watch.look()
        await self._watch.look()

    @property
    def environment(self) -> Any:
        return self.at.runner.current.environment

    @property
    def counted(self) -> dict[str, int]:
        return dict(self.at.runner.supervisor.meters.reloads)


@asynccontextmanager
async def site(folder: Path) -> AsyncIterator[Site]:
    (folder / "short.flow.yaml").write_text(GREETING)
    file = folder / "x.env.yaml"
    document = {"environment": "x", "public_url": "http://runner.example", "journal": "j", "flows": str(folder)}
    document |= {"space": "platform.example", "routes": {NUMBER: "short"}, "uses": {"greeting": "Hello."}}  # type: ignore[dict-item]
    file.write_bytes(msgspec.json.encode(document))
    environment = load(file, {"SIGNALWIRE_PROJECT_ID": "p", "SIGNALWIRE_API_TOKEN": "t", "OFFHOOK_API_TOKEN": "old"})
    journal = MemoryJournal()
    async with inside(journal=journal, flows=library_in(environment)) as at:
        runner = at.runner
        runner.current.environment = environment
        runner.app.keys.replace("", "old", "")
        watch = Watch(runner.current, runner.versions, journal, runner.supervisor.meters, runner.app.keys)
        await watch.look()
        yield Site(at, watch, file, document)


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "offhook")
    monkeypatch.setattr(snapshot, "_SETTLE_S", 0)
    (tmp_path / "token").write_text("old\n")
    monkeypatch.setenv("SIGNALWIRE_PROJECT_ID", "p")
    monkeypatch.setenv("SIGNALWIRE_API_TOKEN", "t")
    monkeypatch.delenv("OFFHOOK_API_TOKEN", raising=False)
    monkeypatch.setenv("OFFHOOK_API_TOKEN_FILE", str(tmp_path / "token"))


async def test_routes_and_uses_count_for_new_calls_and_not_for_those_that_live(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with site(tmp_path) as here:
        await here.at.arrive("before")
        await here.change(routes={NUMBER: "short", OTHER: "short"}, uses={"greeting": "Good evening."})
        assert here.environment.routes == {NUMBER: "short", OTHER: "short"}
        await here.at.arrive("after")
        await until(lambda: len(here.at.sent) == 2)
        said = [
            body["params"]["play"][0]["params"]["text"] for body in here.at.sent if body["command"] == "calling.play"
        ]
        assert said == ["Hello.", "Good evening."]
        body = {"call": {"call_id": "other", "to": OTHER}}
        assert (await here.at.client.post("/calls/inbound", json=body)).content == swml.PARKING_BYTES
        assert here.counted == {"taken-over": 1}
    assert "x.env.yaml was taken over; new: routes, uses" in caplog.text


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"routes": ["short"]}, "routes"),
        ({"uses": {}}, "with its `uses`, short could not be served"),
        ({"uses": {"greeting": 5}}, "uses.greeting of flow short wants string"),
        ({"environment": "y"}, "calls itself `y`"),
        ({"capacity": {"runs": 0}}, "capacity"),
    ],
)
async def test_configuration_that_is_broken_is_told_once_and_changes_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, more: dict[str, Any], said: str
) -> None:
    async with site(tmp_path) as here:
        before = here.environment
        await here.change(**more)
        await here.look()
        assert here.environment is before
        assert here.counted == {"refused": 1}
        assert (await here.at.arrive()).content == swml.PARKING_BYTES
    (told,) = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert told.startswith("the configuration stays as it is, for ")
    assert said in told


async def test_token_in_a_file_is_replaced_by_another(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        for written, old, new in (("old new", 200, 200), ("new", 401, 200)):
            (tmp_path / "token").write_text(f"{written}\n")
            await here.look()
            for token, status in (("old", old), ("new", new)):
                found = await here.at.client.get("/runs", headers={"Authorization": f"Bearer {token}"})
                assert found.status_code == status
        (tmp_path / "token").unlink()
        await here.look()
        assert (await here.at.client.get("/runs", headers={"Authorization": "Bearer new"})).status_code == 200
        assert here.counted == {"taken-over": 2, "refused": 1}


@pytest.mark.parametrize(
    "left", ["", " \n", "ol", "other ol"], ids=["emptied", "blank", "cut off", "the second cut off"]
)
async def test_token_file_that_is_emptied_or_cut_off_is_told_and_the_last_good_token_counts(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, left: str
) -> None:
    async with site(tmp_path) as here:
        meters = here.at.runner.supervisor.meters
        (tmp_path / "token").write_text(left)
        await here.look()
        assert (await here.at.client.get("/runs", headers={"Authorization": "Bearer old"})).status_code == 200
        assert (here.counted, meters.configuration_sound) == ({"refused": 1}, False)
        (told,) = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
        assert "OFFHOOK_API_TOKEN" in told
        assert "old" not in told
        (tmp_path / "token").write_text("old\n")
        await here.look()
        assert (here.counted, meters.configuration_sound) == ({"refused": 1}, True)


async def test_signing_key_is_changed_without_a_gap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNALWIRE_SIGNING_KEY_FILE", str(tmp_path / "key"))
    async with site(tmp_path) as here:
        for written, first, second in (
            ("first\n", 200, 403),
            ("first\nsecond\n", 200, 200),
            ("first second\n", 200, 200),
            ("\ufefffirst\n", 200, 200),
            ("second\n", 403, 200),
        ):
            (tmp_path / "key").write_text(written, encoding="utf-8")
            await here.look()
            assert (await _arrival(here, "first"), await _arrival(here, "second")) == (first, second), written
        assert here.counted == {"taken-over": 3, "refused": 2}


async def _arrival(here: Site, key: str) -> int:
    body = msgspec.json.encode({"call": {"call_id": key, "to": NUMBER, "from": OTHER}})
    headers = sign(key, "http://runner.example/calls/inbound", body)
    return (await here.at.client.post("/calls/inbound", content=body, headers=headers)).status_code


def test_runner_is_not_started_with_an_empty_key(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("\n")
    with pytest.raises(ConfigurationError, match=r"SIGNALWIRE_SIGNING_KEY_FILE: .*key is empty"):
        with_files({"SIGNALWIRE_SIGNING_KEY_FILE": str(tmp_path / "key")})


async def test_what_needs_a_restart_is_told_and_the_rest_counts(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with site(tmp_path) as here:
        pacing = {"dials_per_second": 2}
        await here.change(space="elsewhere.example", listen="127.0.0.1:1", drain="5s", retention="30d", pacing=pacing)
        assert (here.environment.space, here.environment.drain_ms) == ("platform.example", 5_000)
    for name in ("space", "listen", "retention", "pacing"):
        assert f"what is new of `{name}` counts when the runner is started again" in caplog.text


@pytest.mark.parametrize("field", [one for one in Environment.__struct_fields__ if one != "file"])
def test_every_field_is_told_under_the_name_that_its_author_knows(field: str) -> None:
    name = (AT_ONCE | _LATER).get(field, field)
    assert name in schema("environment.schema.json")["properties"] or name.isupper()


async def test_file_that_is_being_written_is_read_when_it_is_whole(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        whole = here.file.read_bytes().replace(b'"space"', b'"drain":"5s","space"')
        here.file.write_bytes(whole[:20])
        await here._watch.look()
        here.file.write_bytes(whole)
        await here.look()
        assert here.environment.drain_ms == 5_000
        assert here.counted == {"taken-over": 1}
