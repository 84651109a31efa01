"""A spoken text that is cut off where an unquoted `#`, the key, became a comment."""

import re

from engine.compile.located import Mapping, Node, Path, Scalar, dotted
from engine.compile.scope import Scope
from engine.compile.wording import short

_BEFORE_A_KEY = """
press push hit pound hash then key by with or and the
oprima pulse marque presione tecla almohadilla numeral luego después o y
drücken wählen taste raute rautetaste dann danach oder und
tapez appuyez touche dièse puis ou
"""
_LEADS = rf"(?i:\b(?:{'|'.join(_BEFORE_A_KEY.split())}|drücken sie|wählen sie|appuyez sur)\Z)"
_IGNORING = re.compile(r"\s+#\s*offhook:")


def look(scope: Scope, item: Node, path: Path) -> None:
    """Warns of a text in whose line a comment follows that begins with a digit, or where a key would be named."""
    params = item.get("params") if isinstance(item, Mapping) else None
    text = params.get("text") if isinstance(params, Mapping) else item
    if not isinstance(text, Scalar) or not text.plain or text.block:
        return
    source = scope.report.source
    behind, written = (_IGNORING.split(source.line_after(at))[0] for at in (text.end, text.start))
    if not behind.startswith("#") or not (behind[1:2].isdigit() or re.search(_LEADS, text.text)):
        return
    scope.report.node_error(
        "SYN004",
        "yaml-trap",
        text,
        f"The text ends here: an unquoted `#` begins a comment, so `{short(behind)}` is not said.",
        help=_advice(written, is_whole="\n" not in source.text[text.start : text.end]),
        path=dotted(path),
        severity="warning",
    )


def _advice(written: str, *, is_whole: bool) -> str:
    """`written`: the rest of the line. Where it cannot just be put into quotes, nobody knows where the text was to end."""
    if not is_whole or any(one in written for one in '"\\') or written[-1] in ",]}":
        return "Quote the whole text."
    return f'Quote it: "{written}".'
