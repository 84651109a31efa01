"""The colours of the picture, in the light and in the dark. Plain rules without variables: not every viewer knows them."""

from collections.abc import Mapping
from typing import NamedTuple, get_args

from engine.diagram.families import Family


class _Ink(NamedTuple):
    """A family's: the bar at the box's side, and its surface."""

    bar: str
    surface: str


LIGHT: Mapping[Family, _Ink] = {
    "event": _Ink("#6b7280", "#f3f4f6"),
    "speak": _Ink("#2563eb", "#eff5ff"),
    "listen": _Ink("#0d9488", "#ecfbf8"),
    "decide": _Ink("#b7791f", "#fdf7e7"),
    "service": _Ink("#7c3aed", "#f6f1fe"),
    "away": _Ink("#c2410c", "#fff3ea"),
    "flow": _Ink("#be185d", "#fdf0f6"),
    "end": _Ink("#374151", "#e9ebee"),
}
_DARK: Mapping[Family, _Ink] = {
    "event": _Ink("#8b949e", "#1b2028"),
    "speak": _Ink("#5b9bff", "#152238"),
    "listen": _Ink("#2dd4bf", "#0f2a29"),
    "decide": _Ink("#e3b341", "#2b2412"),
    "service": _Ink("#a78bfa", "#231c3a"),
    "away": _Ink("#fb923c", "#33200f"),
    "flow": _Ink("#f472b6", "#34182a"),
    "end": _Ink("#aeb7c2", "#262c34"),
}
_COMMON = """\
text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
.heading{font-size:18px;font-weight:600}
.note{font-size:12px}
.title{font-size:13px;font-weight:600}
.verb,.mark,.label{font-size:11px}
.says{font-size:12px}
.mark{font-style:italic}
.line{fill:none;stroke-width:1.4}
.failure .line{stroke-dasharray:2 3}
.untaken .line{stroke-width:2;stroke-dasharray:7 4}
.box{stroke-width:1}
.unentered .box{stroke-width:2;stroke-dasharray:7 4}
.event .box{stroke-dasharray:4 3}"""


def style() -> str:
    dark = _rules("#0d1117", "#e6edf3", "#9da7b3", "#768390", "#f0883e", "#f47067", _DARK)
    light = _rules("#ffffff", "#1f2328", "#59636e", "#8c959f", "#bc4c00", "#b42318", LIGHT)
    return f"{_COMMON}\n{light}\n@media (prefers-color-scheme:dark){{\n{dark}\n}}"


def _rules(
    page: str, ink: str, faint: str, line: str, untaken: str, failure: str, families: Mapping[Family, _Ink]
) -> str:
    rules = [
        f".page,.under{{fill:{page}}}",
        f"text{{fill:{ink}}}",
        f".verb,.mark,.note,.label{{fill:{faint}}}",
        f".line{{stroke:{line}}} .head{{fill:{line}}}",
        f".failure .line{{stroke:{failure}}} .failure .head{{fill:{failure}}} .failure .label{{fill:{failure}}}",
        f".untaken .line{{stroke:{untaken}}} .untaken .head{{fill:{untaken}}} .label.missed{{fill:{untaken}}}",
    ]
    for family in get_args(Family):
        bar, surface = families[family]
        rules.append(f".{family} .box{{fill:{surface};stroke:{bar}}} .{family} .bar{{fill:{bar}}}")
    rules.append(f".unentered .box{{stroke:{untaken}}} .unentered .title{{fill:{untaken}}}")
    return "\n".join(rules)
