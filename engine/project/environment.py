"""An environment file: where a runner listens, which flow answers which number, what `uses` are bound to.

Secrets are never in it; they come from environment variables whose names are fixed.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from engine.compile import duration_ms
from engine.compile.check import check
from engine.compile.kinds import ENVIRONMENT
from engine.compile.plain import plain
from engine.compile.report import Report
from engine.compile.yaml_reader import read as read_yaml
from engine.model.diagnostics import Diagnostic
from engine.model.errors import ConfigurationError, cannot_read
from engine.model.limits import PRESENCE_MS
from engine.project.signing_keys import sound_keys
from engine.wire.signature import Demand

PROJECT, TOKEN, SPACE = "SIGNALWIRE_PROJECT_ID", "SIGNALWIRE_API_TOKEN", "SIGNALWIRE_SPACE"
SIGNING_KEY, API_TOKEN, SECRET_KEY = "SIGNALWIRE_SIGNING_KEY", "OFFHOOK_API_TOKEN", "OFFHOOK_SECRET_KEY"
METRICS_TOKEN = "OFFHOOK_METRICS_TOKEN"
_DRAIN_MS = 30_000
_LAG_MS = 500
_AGES_MS = {"h": 3_600_000, "d": 86_400_000}


class Fetching(Struct, frozen=True, kw_only=True):
    """What the flows' fetches may reach, as it is written (`engine.fetching.hosts` reads it)."""

    hosts: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    ca_file: Path | None = None


class Guarding(Struct, frozen=True, kw_only=True):
    """What may come in: `proxies` are addresses that are believed when they say for whom they ask, `requests_per_s` and
    `connections` hold for each source, `webhooks` is of which of them a signature is demanded."""

    proxies: frozenset[str] = frozenset({"127.0.0.1", "::1"})
    requests_per_s: float = 50.0
    connections: int = 500
    webhooks: Demand = "once_signed"


class Environment(Struct, frozen=True, kw_only=True):
    """`file` is where this was read from, if it was; `listen` is (host, port); paths are absolute; `signing_key`
    (several have a line each), `api_token` and `secret_key` are empty when not set; `dials_per_s` is None where the platform's default holds; `keep_ms` is None where ended runs are kept for ever."""

    name: str
    space: str
    public_url: str
    listen: tuple[str, int]
    journal: Path
    flows: Path
    routes: Mapping[str, str] = {}
    uses: Mapping[str, Any] = {}
    fetch: Fetching = Fetching()
    guard: Guarding = Guarding()
    outbound_from: str = ""
    presence_ms: int = PRESENCE_MS
    drain_ms: int = _DRAIN_MS
    most_runs: int | None = None
    most_lag_ms: int = _LAG_MS
    keep_ms: int | None = None
    dials_per_s: float | None = None
    project: str
    token: str
    signing_key: str = ""
    api_token: str = ""
    metrics_token: str = ""
    secret_key: str = ""
    file: Path | None = None


class VariableMissing(ConfigurationError):
    """The environment variable `name` is not set."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name} is not set.", help=f"Set it to {what}.")
        self.name = name


def load(path: Path, variables: Mapping[str, str]) -> Environment:
    """Reads and checks the file; `variables` are the process's. `ConfigurationError` names what is wrong."""
    document = _document(path)
    variables = with_files(variables)
    name = path.name.removesuffix(".env.yaml")
    if document["environment"] != name:
        raise ConfigurationError(
            f"{path} calls itself `{document['environment']}`.",
            help=f"Write `environment: {name}`, or rename the file.",
        )
    folder = path.resolve().parent
    return Environment(
        name=name,
        space=document.get("space")
        or _variable(variables, SPACE, "the host of your space (127.0.0.1:8787 is `offhook sandbox`)"),
        public_url=document["public_url"].rstrip("/"),
        listen=_address(path, document.get("listen", "127.0.0.1:8788")),
        journal=folder / document["journal"],
        flows=(folder / document.get("flows", "..")).resolve(),
        routes=document.get("routes", {}),
        uses=document.get("uses", {}),
        fetch=_fetching(document.get("fetch", {}), folder),
        guard=_guarding(document.get("guard", {}), variables.get(SIGNING_KEY, "")),
        outbound_from=document.get("outbound", {}).get("from", ""),
        presence_ms=duration_ms(document.get("presence", "")) or PRESENCE_MS,
        drain_ms=_or(duration_ms(document.get("drain", "")), _DRAIN_MS),
        keep_ms=_age_ms(document.get("retention", "")),
        dials_per_s=document.get("pacing", {}).get("dials_per_second"),
        project=_variable(variables, PROJECT, "your project's id"),
        most_runs=document.get("capacity", {}).get("runs"),
        most_lag_ms=duration_ms(document.get("capacity", {}).get("lag", "")) or _LAG_MS,
        token=_variable(variables, TOKEN, "an API token with the Voice scope"),
        signing_key=sound_keys(SIGNING_KEY, variables.get(SIGNING_KEY, "")),
        api_token=variables.get(API_TOKEN, ""),
        metrics_token=variables.get(METRICS_TOKEN, ""),
        secret_key=variables.get(SECRET_KEY, ""),
        file=path.resolve(),
    )


def journal_of(path: Path) -> Path:
    """Where its runner keeps its runs: what else it needs does not matter for that."""
    return path.resolve().parent / str(_document(path)["journal"])


def with_files(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables; a secret that is not among them, or blank, is what stands in the file that `<NAME>_FILE` names."""
    found = dict(variables)
    for name in (TOKEN, SIGNING_KEY, API_TOKEN, METRICS_TOKEN, SECRET_KEY):
        file = variables.get(f"{name}_FILE", "")
        found[name] = variables.get(name, "").strip()
        if not file or found[name]:
            continue
        try:
            found[name] = Path(file).read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is not text"
            raise ConfigurationError(
                f"{name}_FILE: {file} cannot be read: {why}.", help="Name a file that holds nothing else."
            ) from None
        if not found[name]:
            # An empty key would check no signature, an empty token close `/runs`: nobody wants that by a slip of the disk.
            raise ConfigurationError(
                f"{name}_FILE: {file} is empty.", help=f"Write it again; who wants no {name} takes the variable away."
            )
    return found


def _document(path: Path) -> dict[str, Any]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise ConfigurationError(
            f"There is no environment file {path}.", help="They usually stand in flows/environments/."
        ) from None
    except OSError as error:
        raise cannot_read(path, error) from None
    root, report = read_yaml(str(path), data, ENVIRONMENT)
    document = plain(report, root) if root is not None else None
    if root is not None:
        check(report, root, document, "environment.schema.json")
    if report.has_errors or not isinstance(document, dict):
        raise ConfigurationError(_listed(report, path))
    return document


def _listed(report: Report, path: Path) -> str:
    lines = [_line(found) for found in sorted(report.diagnostics, key=Diagnostic.sort_key)]
    return "\n".join([f"{path} is not a sound environment file:", *lines])


def _line(found: Diagnostic) -> str:
    where = f"{found.path}: " if found.path else ""
    advice = f" {found.help}" if found.help else ""
    return f"  line {found.span.line}: {where}{found.message}{advice}"


def _variable(variables: Mapping[str, str], name: str, what: str) -> str:
    value = variables.get(name, "")
    if not value:
        raise VariableMissing(name, what)
    return value


def _address(path: Path, text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if int(port) > 65535:
        raise ConfigurationError(f"{path}: listen: {text} has no such port.", help="Ports end at 65535.")
    return host.strip("[]"), int(port)


def _fetching(given: Mapping[str, Any], folder: Path) -> Fetching:
    ca_file = given.get("ca_file")
    return Fetching(
        hosts=tuple(given.get("hosts", ())),
        private=tuple(given.get("private", ())),
        ca_file=folder / ca_file if ca_file else None,
    )


def _guarding(given: Mapping[str, Any], signing_key: str) -> Guarding:
    plain = Guarding()
    webhooks = given.get("webhooks", plain.webhooks)
    if webhooks == "all_signed" and not signing_key:
        raise VariableMissing(SIGNING_KEY, "the key that webhooks are signed with, as `guard.webhooks` is `all_signed`")
    return Guarding(
        proxies=frozenset(given.get("proxies", plain.proxies)),
        requests_per_s=given.get("requests_per_second", plain.requests_per_s),
        connections=given.get("connections", plain.connections),
        webhooks=webhooks,
    )


def _age_ms(text: str) -> int | None:
    return int(text[:-1]) * _AGES_MS[text[-1]] if text else None


def _or(value: int | None, default: int) -> int:
    return default if value is None else value
