"""Every request that the runner really sends is one that the API takes.

Flows with every sample of every command run over real HTTP against a platform that keeps what comes;
each request is then held against the project's own schemas and, where a folder of facts about the API
is at hand (`OFFHOOK_FACTS`, or `shared/api` beside the checkout), against the vendor's.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import anyio
import pytest
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from engine.journal.base import RunRow
from engine.model import codec
from engine.model.verbs import VERBS
from engine.wire.requests import PATH, WITH_CONTROL_ID, WITHOUT_ID
from tests.architecture.source import ROOT
from tests.contract.capture import Captured, capturing_platform
from tests.contract.coverage import Met, unseen
from tests.contract.sampled_flows import flows
from tests.e2e.hosted import API_TOKEN, Hosted, hosted
from tests.unit.schemas.registry import BASE, REGISTRY, SUFFIX

COMMANDS = {verb.command for verb in VERBS if verb.command}
FACTS = Path(os.environ.get("OFFHOOK_FACTS") or ROOT.parent / "shared" / "api")
FACTS_FILE = FACTS / "calling-commands.schema.json"
BEARER = {"Authorization": f"Bearer {API_TOKEN}"}
LONGEST_S = 20
ENDS = {
    "transfer": ("redirected",),
    "redirect": ("redirected",),
    "update_alone": ("completed", "rejected"),
    "end": ("hangup", "cancel", "busy", "no_answer", "decline", "error", "done"),
}
"""How runs end whose flow, by the beginning of its name, does not go on to its own hang-up."""
NEVER_SENT = {
    "calling/live_translate# properties status_url",
    "calling/update# properties status_url",
    "calling/stream# properties status_url_method",
    "calling/stream#/$defs/status_url_method enum 'GET'",
    "calling/stream#/$defs/status_url_method enum 'POST'",
}
"""The engine's own params, for which it has no use: nothing waits for what these two might report, and a
stream reports by POST as it is."""


class Played(NamedTuple):
    """`strange` are the runs that did not end as they should, as text."""

    requests: list[Captured]
    strange: list[str]


@pytest.fixture(scope="module")
def captured(tmp_path_factory: pytest.TempPathFactory) -> list[Captured]:
    """All requests of all flows."""
    played = anyio.run(_played, tmp_path_factory.mktemp("flows"))
    if played.strange:
        pytest.fail("\n".join(played.strange), pytrace=False)
    return played.requests


async def _played(folder: Path) -> Played:
    bundles = list(flows())
    for path, content in {path: content for bundle in bundles for path, content in bundle.files.items()}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    numbers = {f"+1555{number:07}": bundle.flow for number, bundle in enumerate(bundles)}
    files = [folder / f"{bundle.flow}.flow.yaml" for bundle in bundles]
    with pytest.MonkeyPatch.context() as patch:
        async with (
            capturing_platform() as platform,
            hosted(patch, files, numbers, space=platform.space, speed=1, request_ms=10_000) as site,
        ):
            for number, to in enumerate(numbers):
                assert (await site.arrive(f"0e9c80d7-a149-4917-892d-{number:012}", to)).status_code == 200
            for flow in ("outbound", "outbound_priced"):
                asked = {"flow": flow, "to": "+15550178", "from": "+15550199"}
                assert (await site.client.post("/runs", json=asked, headers=BEARER)).status_code == 202
            with anyio.move_on_after(LONGEST_S):
                await site.runner.supervisor.wait_until_quiet()
            strange = [
                f"{row.flow} {row.status} {row.end_reason} at {step_of(site, row)}"
                for row in site.journal.runs(limit=1000)
                if row.status != "ended" or row.end_reason not in ends_of(row.flow)
            ]
            return Played(platform.requests, strange)


def step_of(site: Hosted, row: RunRow) -> str:
    state = site.journal.state_of(row.run_id)
    return codec.decode_state(state).frame.step if state else "no state"


def ends_of(flow: str) -> tuple[str, ...]:
    return next((ends for prefix, ends in ENDS.items() if flow.startswith(prefix)), ("hangup",))


def of(captured: list[Captured]) -> Iterator[tuple[str, dict[str, Any]]]:
    for request in captured:
        body = request.body
        yield body["command"], body


def test_every_command_is_seen_and_the_schemas_of_this_project_take_it(captured: list[Captured]) -> None:
    """And each property, enum value, constant, bound and branch of a union that they name has been on the wire."""
    assert len(COMMANDS) == 42
    seen = Counter(command for command, _ in of(captured))
    assert {*seen} == COMMANDS
    print()
    for command in sorted(seen):
        print(f"  {command:40} {seen[command]:5}")
    print(f"  {'all':40} {len(captured):5}")
    problems = Counter(problem for request in captured for problem in wrong(request))
    assert not problems, "\n".join(f"{count} x {problem}" for problem, count in problems.most_common(50))
    met = Met()
    for command, body in of(captured):
        met.meet(schema_of(command), [body["params"]])
    assert {line for command in COMMANDS for line in unseen(schema_of(command), met.points)} == NEVER_SENT


def schema_of(command: str) -> str:
    return f"calling/{command.removeprefix('calling.')}"


VALIDATORS = {
    command: Draft202012Validator(
        {"$ref": f"{BASE}{schema_of(command)}{SUFFIX}"}, registry=REGISTRY, format_checker=FormatChecker()
    )
    for command in COMMANDS
}


def wrong(request: Captured) -> Iterator[str]:
    """What is not right about the envelope and the params."""
    body = request.body
    command, params = body["command"], body["params"]
    keys = {"command", "params"} if command in WITHOUT_ID else {"command", "id", "params"}
    if request.path != PATH or request.content_type != "application/json":
        yield f"{command}: sent to {request.path} as {request.content_type}"
    if {*body} != keys:
        yield f"{command}: the envelope has {sorted(body)}"
    if command in WITH_CONTROL_ID and "control_id" not in params:
        yield f"{command}: no control_id"
    for error in VALIDATORS[command].iter_errors(params):
        deepest = best_match([error])
        yield f"{command}: {deepest.json_path}: {deepest.message[:200]}"


def test_the_vendors_schema_takes_every_request(captured: list[Captured]) -> None:
    if not FACTS_FILE.is_file():
        pytest.skip(f"there are no facts about the API at {FACTS}; set OFFHOOK_FACTS to their folder")
    facts = json.loads(FACTS_FILE.read_text(encoding="utf-8"))
    registry: Registry[Any] = Registry().with_resource("facts:", DRAFT202012.create_resource(facts))
    commands = facts["x-commands"]
    assert {*commands} == COMMANDS
    validators = {
        command: Draft202012Validator(
            {"$ref": f"facts:{found['$ref']}"}, registry=registry, format_checker=FormatChecker()
        )
        for command, found in commands.items()
    }
    problems: Counter[str] = Counter()
    for command, body in of(captured):
        for error in validators[command].iter_errors(body):
            deepest = best_match([error])
            problems[f"{command}: {deepest.json_path}: {deepest.message[:200]}"] += 1
    assert not problems, "\n".join(f"{count} x {problem}" for problem, count in problems.most_common(50))
