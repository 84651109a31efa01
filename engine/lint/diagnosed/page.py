"""How the pages of the compiler's codes are put together."""


def page(summary: str, why: str, bad: str, good: str, *, code: str = "", limits: str = "", source: str = "") -> str:
    """`code`: the wrong example is a flow that a test compiles, and this is what it is told. Without one it is a text."""
    kind = f"yaml error {code}" if code else "text"
    fine = "yaml" if code else "text"
    parts = [
        summary,
        f"## Why\n{why}",
        f"## Bad\n```{kind}\n{bad.strip()}\n```",
        f"## Good\n```{fine}\n{good.strip()}\n```",
        f"## Limits\n{limits or 'The flow does not compile, so this cannot be ignored.'}",
        f"## Source\n{source or 'The compiler; [the language: messages](../language.md#messages).'}",
    ]
    return "\n\n".join(parts) + "\n"
