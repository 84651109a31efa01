"""Fetches whose host is known before a call, held against what the environment allows."""

from typing import Any

import pytest

from engine.fetching.hosts import HostPolicy
from engine.model.bundle import Bundle
from engine.project.flows import FlowFile
from engine.runner.library import library_of

USES = {"api": "https://accounts.example.com", "port": 8443}
POLICY = HostPolicy.of(["accounts.example.com", "accounts.example.com:8443"])
FLOW = """
flow: balance
language: 1
uses: {api: url, port: int}
vars: {x: ""}
start: lookup
steps:
  lookup:
    fetch:
      url: "URL"
    next: {otherwise: bye, failed: bye, invalid: bye, timeout: bye}
  bye:
    end: hangup
"""


def problems(url: str, uses: dict[str, Any] = USES, hosts: HostPolicy | None = POLICY) -> list[str]:
    """What is said of the flow with this URL."""
    bundle = Bundle("balance", {"balance.flow.yaml": FLOW.replace("URL", url).encode()})
    return list(library_of([FlowFile("balance.flow.yaml", bundle)], uses, hosts=hosts).problems.get("balance", ()))


ALLOWED = [
    "https://accounts.example.com",
    "https://accounts.example.com/x",
    "${{ uses.api }}",
    "${{ uses.api }}/balance/${{ vars.x }}",
    "${{ uses.api }}:${{ uses.port }}/x",
]
REFUSED = [
    "https://other.example.com",
    "https://other.example.com/${{ vars.x }}",
    "https://other.example.com?${{ vars.x }}",
    "http://accounts.example.com/",
    "${{ uses.api }}.evil.example/${{ vars.x }}",
    "${{ uses.api }}:9000/",
]
UNKNOWN = [
    "${{ vars.x }}",
    "${{ vars.x }}/balance",
    "https://${{ vars.x }}.example.com/",
    "https://other.example.com${{ vars.x }}",
    "${{ uses.api }}${{ vars.x }}",
    "https://other.example.com:${{ vars.x }}/",
    "${{ uses.api + vars.x }}/balance",
]


@pytest.mark.parametrize("url", [*ALLOWED, *UNKNOWN])
def test_flow_whose_hosts_are_allowed_or_not_known_yet_is_served(url: str) -> None:
    assert problems(url) == []


@pytest.mark.parametrize("url", REFUSED)
def test_flow_with_a_host_that_is_not_allowed_is_not_served(url: str) -> None:
    (line,) = problems(url)
    assert line.startswith("step lookup of flow balance: the environment does not allow ")
    assert line.endswith("add it to `fetch.hosts` if it may be fetched from")


def test_flow_whose_use_is_bound_to_no_url_is_not_served() -> None:
    (line,) = problems("${{ uses.api }}/x", {"api": "accounts.example.com", "port": 1})
    assert "uses.api of flow balance wants a URL with its host (https://" in line


def test_flow_by_default_no_known_host_is_allowed() -> None:
    assert problems("https://accounts.example.com", hosts=HostPolicy()) != []
    assert problems("https://accounts.example.com", hosts=None) == []
