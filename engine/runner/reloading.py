"""A new environment file while the runner serves: what of it counts at once, and what only after a restart."""

from msgspec.structs import replace

from engine.model.errors import ConfigurationError
from engine.project.environment import Environment
from engine.runner.library import Library

AT_ONCE = {
    "routes": "routes",
    "uses": "uses",
    "outbound_from": "outbound",
    "presence_ms": "presence",
    "drain_ms": "drain",
    "most_runs": "capacity",
    "most_lag_ms": "capacity",
    "signing_key": "SIGNALWIRE_SIGNING_KEY",
    "api_token": "OFFHOOK_API_TOKEN",
    "metrics_token": "OFFHOOK_METRICS_TOKEN",
}
"""Fields that are taken over, as their authors know them. All others count when the runner is started again."""
_LATER = {
    "name": "environment",
    "keep_ms": "retention",
    "dials_per_s": "pacing",
    "project": "SIGNALWIRE_PROJECT_ID",
    "token": "SIGNALWIRE_API_TOKEN",
    "secret_key": "OFFHOOK_SECRET_KEY",
}
"""Those of the others that their authors know under another name."""
_SECRETS = ("signing_key", "api_token", "metrics_token")


def taken_over(before: Environment, after: Environment) -> tuple[Environment, list[str], list[str]]:
    """The environment that counts from now on, the names of what is new in it, and of what waits for a restart.
    `ConfigurationError` where a key or token is the beginning of the one before: its file was cut off."""
    for name in _SECRETS:
        if _is_cut_off(getattr(before, name), getattr(after, name)):
            raise ConfigurationError(
                f"{AT_ONCE[name]} is only the beginning of the one before",
                help="Was its file cut off? Write all of it again; what was there before counts until then.",
            )
    differ = [name for name in Environment.__struct_fields__ if getattr(before, name) != getattr(after, name)]
    now = {name: getattr(after, name) for name in differ if name in AT_ONCE}
    later = [_LATER.get(name, name) for name in differ if name not in AT_ONCE]
    return replace(before, **now), sorted({AT_ONCE[name] for name in now}), later


def _is_cut_off(before: str, after: str) -> bool:
    """Of several tokens it may be the last one, of which a part is left."""
    old, new = before.split(), after.split()
    return any(one not in old and any(whole.startswith(one) for whole in old) for one in new)


def check_flows(before: Library, after: Library) -> None:
    """`ConfigurationError` when a flow that is served could not be with the new `uses`."""
    lost = [flow for flow in before.names if after.named(flow) is None and flow not in before.problems]
    if lost:
        lines = [line for flow in lost for line in after.problems.get(flow, ())]
        raise ConfigurationError(f"with its `uses`, {', '.join(lost)} could not be served", help="\n  ".join(lines))
