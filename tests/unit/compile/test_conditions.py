"""What a condition says of the outcome of a step."""

import pytest

from engine.compile.paths.conditions import said

OUTCOMES = ("", "yes", "no", "error")


def may_be(source: str, *, when: bool) -> tuple[str, ...]:
    """The outcomes of `a` that the condition leaves; all of them where it says nothing."""
    found, whole = said(source)
    about = [one for one in found if one.step == "a"] if when or whole else []
    return tuple(one for one in OUTCOMES if all(about_a.may_be(one, when=when) for about_a in about))


@pytest.mark.parametrize(
    ("source", "holds", "fails"),
    [
        ("steps.a.outcome == 'yes'", ("yes",), ("no", "error")),
        ('steps.a.outcome=="yes"', ("yes",), ("no", "error")),
        ("steps.a.outcome != 'yes'", ("no", "error"), ("yes",)),
        ("steps.a.outcome in ['yes', 'no']", ("yes", "no"), ("error",)),
        ("or(steps.a.outcome, '') == 'yes'", ("yes",), ("", "no", "error")),
        ("or(steps.a.outcome, 'yes') == 'yes'", ("", "yes"), ("no", "error")),
        ("or(steps.a.outcome, '') != 'yes'", ("", "no", "error"), ("yes",)),
        ("steps.a.outcome == 'yes' || steps.a.outcome == 'no'", ("yes", "no"), ("error",)),
        ("steps.a.outcome == 'yes' && vars.x > 1", ("yes",), OUTCOMES),
        ("vars.x > 1 && (vars.y || vars.z) && steps.a.outcome == 'yes'", ("yes",), OUTCOMES),
        ("steps.a.outcome == 'yes' || vars.x > 1", OUTCOMES, OUTCOMES),
        ("steps.a.outcome == 'yes' || steps.b.outcome == 'no'", OUTCOMES, OUTCOMES),
        ("steps.a.outcome == 'yes' || vars.x && steps.a.outcome == 'no'", OUTCOMES, OUTCOMES),
        ("!(vars.x && steps.a.outcome == 'yes' && vars.y)", OUTCOMES, OUTCOMES),
        ("vars.x ? steps.a.outcome == 'yes' : steps.a.outcome == 'no'", OUTCOMES, OUTCOMES),
        ("vars.t == '&& steps.a.outcome == \"yes\" &&'", OUTCOMES, OUTCOMES),
        ("steps.a.outcome == vars.t", OUTCOMES, OUTCOMES),
        ("steps.a.outcome == 'yes' == vars.x", OUTCOMES, OUTCOMES),
    ],
)
def test_condition_leaves_these_outcomes(source: str, holds: tuple[str, ...], fails: tuple[str, ...]) -> None:
    assert may_be(source, when=True) == holds
    assert may_be(source, when=False) == fails
