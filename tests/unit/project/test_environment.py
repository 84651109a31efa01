"""An environment file as values; what is wrong with one is shown by tests/e2e/test_bad_environment.py."""

from pathlib import Path

import pytest

from engine.model.errors import ConfigurationError
from engine.project.environment import Environment, load

VARIABLES = {"SIGNALWIRE_PROJECT_ID": "p", "SIGNALWIRE_API_TOKEN": "t", "SIGNALWIRE_SPACE": "v.example"}
LEAST = "environment: test\npublic_url: https://ivr.example/\njournal: test.journal\n"


def loaded(folder: Path, text: str, **more: str) -> Environment:
    path = folder / "test.env.yaml"
    path.write_text(text)
    return load(path, {**VARIABLES, **more})


def test_load_least_environment_has_the_documented_defaults(tmp_path: Path) -> None:
    found = loaded(tmp_path, LEAST)
    assert found == Environment(
        name="test",
        space="v.example",
        public_url="https://ivr.example",
        listen=("127.0.0.1", 8788),
        journal=tmp_path / "test.journal",
        flows=tmp_path.parent,
        presence_ms=30_000,
        drain_ms=30_000,
        project="p",
        token="t",
        file=tmp_path / "test.env.yaml",
    )


def test_load_whole_environment_takes_everything(tmp_path: Path) -> None:
    text = """
environment: test
space: 127.0.0.1:8787
public_url: http://[::1]:8788
listen: "[::1]:8788"
journal: /var/lib/offhook/test.journal
flows: ../flows
routes:
  "+15550100": reception
  sip:desk@example.com: desk
uses:
  text: x
  whole: 3
  half: 0.5
  yes_or_no: true
fetch:
  hosts: [a.example, "*.b.example:8443"]
  private: ["http://127.0.0.1:9000"]
  ca_file: ../ca.pem
outbound:
  from: "+15550100"
presence: 500ms
retention: 30d
drain: 0s
"""
    found = loaded(tmp_path, text, SIGNALWIRE_SIGNING_KEY="k", OFFHOOK_API_TOKEN="a")
    assert (found.space, found.listen, found.public_url) == ("127.0.0.1:8787", ("::1", 8788), "http://[::1]:8788")
    assert (found.journal, found.flows) == (Path("/var/lib/offhook/test.journal"), tmp_path.parent / "flows")
    assert found.routes == {"+15550100": "reception", "sip:desk@example.com": "desk"}
    assert found.uses == {"text": "x", "whole": 3, "half": 0.5, "yes_or_no": True}
    assert (found.fetch.hosts, found.fetch.private) == (("a.example", "*.b.example:8443"), ("http://127.0.0.1:9000",))
    assert found.fetch.ca_file == tmp_path / "../ca.pem"
    assert (found.outbound_from, found.presence_ms, found.drain_ms) == ("+15550100", 500, 0)
    assert found.keep_ms == 30 * 86_400_000
    assert (found.signing_key, found.api_token) == ("k", "a")


@pytest.mark.parametrize("blank", [" ", "\t", " \r\n"])
@pytest.mark.parametrize("name", ["SIGNALWIRE_SIGNING_KEY", "OFFHOOK_API_TOKEN", "OFFHOOK_SECRET_KEY"])
def test_blank_secret_is_none(tmp_path: Path, name: str, blank: str) -> None:
    assert loaded(tmp_path, LEAST, **{name: blank}) == loaded(tmp_path, LEAST)
    (tmp_path / "secret").write_text("k\n")
    named = {f"{name}_FILE": str(tmp_path / "secret")}
    assert loaded(tmp_path, LEAST, **{name: blank}, **named) == loaded(tmp_path, LEAST, **{name: "k"})


def test_blank_signing_key_is_not_what_all_signed_wants(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="SIGNALWIRE_SIGNING_KEY is not set"):
        loaded(tmp_path, f"{LEAST}guard: {{webhooks: all_signed}}\n", SIGNALWIRE_SIGNING_KEY=" ")


@pytest.mark.parametrize("written", ["old", " old \r\n", "old\nnew\n", "old\r\n\r\n new", "sch\u00fcssel"])
def test_signing_keys_stand_in_lines_of_their_own(tmp_path: Path, written: str) -> None:
    assert loaded(tmp_path, LEAST, SIGNALWIRE_SIGNING_KEY=written).signing_key.split() == written.split()


@pytest.mark.parametrize(
    "written",
    [
        "secret newkey",
        "secret\nse cret",
        "\ufeffsecret",
        "se\u200bcret",
        "se\0cret",
        "se\vcret",
        "se\rcret",
        "se\udc80cret",
        "se\u00a0cret",
    ],
)
def test_signing_key_that_cannot_be_one_is_told_and_not_shown(tmp_path: Path, written: str) -> None:
    line = written.count("\n") + 1
    with pytest.raises(ConfigurationError, match=f"SIGNALWIRE_SIGNING_KEY: line {line} is no key") as told:
        loaded(tmp_path, LEAST, SIGNALWIRE_SIGNING_KEY=written)
    assert "cret" not in str(told.value)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('routes: {"15550100": a}', "routes"),
        ("presence: 0s", "presence"),
        ("presence: 5", "presence"),
        ("drain: soon", "drain"),
        ("retention: 0d", "retention"),
        ("retention: 30", "retention"),
        ("uses: {a: [1]}", "uses"),
        ("uses: {a: }", "uses"),
        ("space: https://x.example", "space"),
        ("outbound: {form: x}", "form"),
        ("journal: other.journal", "journal"),
        ("fetch: [a.example]", "fetch"),
        ("fetch: {host: [a.example]}", "hosts"),
        ("fetch: {hosts: a.example}", "hosts"),
        ('fetch: {hosts: ["https://a.example"]}', "hosts"),
        ("fetch: {private: [a.example/x]}", "private"),
    ],
)
def test_load_wrong_value_is_named_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        loaded(tmp_path, LEAST + line + "\n")
    assert "line 4" in str(caught.value)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "An environment has `environment`, `public_url` and `journal`."),
        ("- a\n", "The environment wants a mapping"),
        (LEAST + "spcae: x\n", "The environment has no `spcae`. Did you mean `space`?"),
        ("environment: test\n", "The environment lacks `public_url` and `journal`."),
        (LEAST + "uses: &a {b: c}\n", "an environment file has none. Write it out again"),
        (LEAST + "uses: {<<: {b: c}}\n", "not part of environment files"),
        (LEAST + "uses: [" + "1," * 200_000 + "]\n", "An environment needs no more than a few lines."),
    ],
    ids=["empty", "list", "unknown", "missing", "anchor", "merge", "too much"],
)
def test_load_speaks_of_an_environment_and_never_of_a_flow(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        loaded(tmp_path, text)
    assert said in str(caught.value)
    for words in ("A flow", "the flow ", "The flow ", "the language", "`steps`", "`defaults`"):
        assert words not in str(caught.value)


def test_load_shows_no_secret(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path / "no.env.yaml", {**VARIABLES, "SIGNALWIRE_API_TOKEN": "hush"})
    assert "hush" not in str(caught.value)
