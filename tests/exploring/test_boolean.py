"""Conditions taken apart: what the parts say is what the whole says."""

import pytest

from engine.simulate.explore.boolean import Every, Not, Some, Tree, tree


@pytest.mark.parametrize(
    ("source", "apart"),
    [
        ("vars.n > 1", "vars.n > 1"),
        ("a == '' || !(b in ['', 'x || y'])", Some(("a == ''", Not("b in ['', 'x || y']")))),
        ("!a && (c || !(d && e))", Every(("!a", Some(("c", Not(Every(("d", "e")))))))),
        ("(a || b) == c", "(a || b) == c"),
        ("a ? b : c || d", "a ? b : c || d"),
        ("[a].exists(one, one == 1 || one == 2)", "[a].exists(one, one == 1 || one == 2)"),
        ("((a)) || r'\\' == b && c", Some(("a", Every(("r'\\\\' == b".replace("\\\\", "\\"), "c"))))),
        ("!x == y", "!x == y"),
    ],
)
def test_condition_is_taken_apart_at_its_junctions_alone(source: str, apart: Tree) -> None:
    assert tree(source) == apart
