"""Repairs are tried before they are offered: a name that is nearly right may be that of something else, and with it the
flow would be as wrong as before; and no flow is to be repaired into one that has more errors."""

from collections.abc import Callable, Iterable, Sequence, Set

from msgspec.structs import replace

from engine.lint.finding import Finding
from engine.lint.fixing import apart, apply, badness
from engine.lint.registry import is_compilers
from engine.model.diagnostics import Diagnostic

_TRIED = ("FLW001", "FLW007", "VAR001", "VAR002", "API008")
_SURE = "SYN003"
"""Tried where its repair is safe, which it is no more with a mistake that it brings to light."""
_UNREADABLE = "SYN001"


def fitting(
    found: Sequence[Finding], text: str, diagnose: Callable[[str], Iterable[Diagnostic]]
) -> tuple[Finding, ...]:
    """The findings; a repair that leaves another mistake at its place is left out. All that can be applied at once are tried
    at once."""
    fixes = apart(one.fix for one in found if one.fix is not None and (one.code in _TRIED or _is_sure(one)))
    if not fixes:
        return tuple(found)
    repaired = apply(text, [edit for one in fixes for edit in one.edits])
    before = {(one.code, one.path, one.message) for one in found}
    after = [one for one in diagnose(repaired) if (one.code, one.path, one.message) not in before]
    wrong, unreadable = {one.path for one in after}, any(one.code == _UNREADABLE for one in after)
    return tuple(_judged(one, wrong, unreadable) for one in found)


def _is_sure(one: Finding) -> bool:
    return one.code == _SURE and one.fix is not None and one.fix.safety == "safe"


def _judged(one: Finding, wrong: Set[str], unreadable: bool) -> Finding:
    """`wrong`: where there are other mistakes now."""
    if one.code in _TRIED and (unreadable or one.path in wrong):
        return replace(one, fix=None)
    inside = f"{one.path}." if one.path else ""
    if one.fix is not None and _is_sure(one) and any(f"{path}.".startswith(inside) for path in wrong):
        return replace(one, fix=replace(one.fix, safety="unsafe"))
    return one


def harmless(found: Sequence[Finding], text: str, look: Callable[[str], Sequence[Finding]]) -> tuple[Finding, ...]:
    """The findings; a repair after which there would be more errors, the linter's own too, is left out: it would not be made. Of
    what keeps the flow from compiling that is judged by `fitting`. All that can be made at once are tried at once."""
    fixes = [one.fix for one in found if one.fix is not None and not is_compilers(one.code, one.name)]
    if not fixes:
        return tuple(found)
    before, together = badness(found), apart(fixes)
    alone = fixes
    if badness(look(apply(text, [edit for one in together for edit in one.edits]))) <= before:
        alone = [one for one in fixes if one not in together]
    refused = [one for one in alone if badness(look(apply(text, one.edits))) > before]
    return tuple(replace(one, fix=None) if one.fix in refused else one for one in found)
