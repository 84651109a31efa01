"""What stands at a place."""

import pytest

from engine.editing.hover import hover
from tests.unit.editing.marked import BEGINNING, marked, step


def said(text: str, **more: str) -> str:
    document, at = marked(text)
    found = hover(document, at)
    return found.text if found else ""


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (step("rec¦ord: {}\nnext: bye"), "Record the call; the URL comes with the last webhook."),
        (step("rec¦ord: {}\nnext: bye"), "Outcomes: `finished`, `no_input`."),
        (step("collect: {initial_¦timeout: 5, digits: {max: 1}}"), "**initial_timeout** (a number, in seconds)"),
        (step("play: x\nback¦ground: true"), "(true or false; default false)"),
        (step("ask: {pro¦mpt: x}"), "required"),
        (step("detect: {type: mach¦ine}"), "machine"),
        (
            step("collect: {digits: {max: 1}}\nnext: {no_¦input: bye, otherwise: bye}"),
            "The caller entered nothing in time.",
        ),
        (step("record: {}\nnext: {fin¦ished: bye, otherwise: bye}"), "`steps.last.url`"),
        (step("play: x\nnext: {lo¦st: bye, otherwise: bye}"), "A failure of `play`"),
        (step("fetch: {url: x}\nnext: {http_4¦03: bye, otherwise: bye}"), "The service has answered 403."),
        (step("fetch: {url: x}\nnext: {http_4¦xx: bye, otherwise: bye}"), "An outcome of `fetch`"),
        (step("fetch: {url: x}\nnext: {ok: bye, other¦wise: bye}"), "otherwise"),
        (step("play: x\nnext: {finished: bye, fail¦ures: bye}"), "failures"),
        (step("play: x\nnext: {finished: bye, expr¦ession: bye}"), "A failure of `play`"),
        (BEGINNING.replace("sales: bye", "sa¦les: bye"), "An outcome of `ask`"),
        (BEGINNING.replace("start: menu", "start: me¦nu"), "From: start."),
        (BEGINNING.replace("start: menu", "start: me¦nu"), "To: `bye` (sales), `keep` (otherwise)."),
        (BEGINNING.replace("  bye:", "  b¦ye:"), "From: `menu` (sales), `listen`, `music`, `keep`."),
        (step("set: {tr¦ies: 1}\nnext: bye"), "`vars.tries`: int, at first 0"),
        (step("set: {tries: vars.u¦rl}\nnext: bye"), "Set by: `keep`."),
        (step('play: "${{ uses.ho¦urs }}"\nnext: bye'), "calendar, bound to `practice`"),
        (step('play: "${{ inputs.po¦ints }}"\nnext: bye'), "`inputs.points`: int, at first 0"),
        (step('play: "${{ steps.menu.dig¦its }}"\nnext: bye'), "`steps.menu.digits`: string"),
        (step('play: "${{ sp¦ell(steps.menu.digits) }}"\nnext: bye'), "`spell(text): string`"),
        (step("subflow: {flow: p¦in}\nnext: bye"), "`flows/lib/pin.flow.yaml`"),
        (step("wait: {signal: desk_¦free}\nnext: bye"), "room: int"),
        (f"{BEGINNING}lim¦its: {{steps: 5}}\n", "Bounds of a run."),
    ],
)
def test_hover_says(text: str, wanted: str) -> None:
    assert wanted in said(text)


def test_name_tells_where_it_may_be_unset() -> None:
    assert "May be unset in: `menu`, `listen`, `music`, `keep`, `bye`." in said(
        BEGINNING.replace("  url: {", "  u¦rl: {")
        .replace("start: menu", "start: listen")
        .replace(
            "collect: {digits: {max: 2}}\n    background: true\n    next: bye",
            "collect: {digits: {max: 2}}\n    next: {otherwise: menu, no_input: music}",
        )
    )
    assert "Always set." in said(BEGINNING.replace("  tries: 0", "  tr¦ies: 0"))


@pytest.mark.parametrize(
    "text", [step("play: hel¦lo\nnext: bye"), step("play: x # ne¦xt"), step("play: nowhere\nnext: ¦")]
)
def test_hover_says_nothing(text: str) -> None:
    assert said(text) == ""
