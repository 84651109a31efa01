"""Small flows, and what is found in them."""

from collections.abc import Callable

from engine.lint.finding import Finding
from engine.lint.run import lint
from engine.lint.settings import Settings
from engine.model.bundle import Bundle

HEAD = "flow: small\nlanguage: 1\nstart: a\n"


def small(steps: str) -> str:
    return f"{HEAD}steps:\n{steps}  bye:\n    end: hangup\n"


def check(
    text: str | bytes, settings: Settings | None = None, *, late: Callable[[], bool] = lambda: False
) -> tuple[Finding, ...]:
    data = text.encode() if isinstance(text, str) else text
    bundle = Bundle("small", {"small.flow.yaml": data})
    return lint(bundle, file="small.flow.yaml", settings=settings or Settings(), late=late)


def codes(text: str | bytes, settings: Settings | None = None) -> list[str]:
    return [one.code for one in check(text, settings)]
