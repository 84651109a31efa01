"""How the pages of the compiler's codes are put together."""

_WHAT = (
    "The compiler reports it as an error, at the place that has to change, and says what to write instead. What follows from it"
    " is not reported as well. A runner serves the flow only when it is mended."
)


def page(
    summary: str,
    why: str,
    bad: str,
    good: str,
    *,
    code: str = "",
    what: str = _WHAT,
    limits: str = "The flow does not compile, so this cannot be ignored.",
    source: str = "The compiler; [the language: messages](../language.md#messages).",
) -> str:
    """`code`: the wrong example is a flow that a test compiles, and this is what it is told. Without one it is a text."""
    kind = f"yaml error {code}" if code else "text"
    fine = "yaml" if code else "text"
    parts = [
        summary,
        f"## What it does\n{what}",
        f"## Why\n{why}",
        f"## Bad\n```{kind}\n{bad.strip()}\n```",
        f"## Good\n```{fine}\n{good.strip()}\n```",
        f"## Limits\n{limits}",
        f"## Source\n{source}",
    ]
    return "\n\n".join(parts) + "\n"
