"""Places: what leads down, what leads back, nothing upon anything else."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from engine.diagram.layout import Link, Placed, Size, layout
from engine.diagram.layout.chains import layers
from engine.diagram.layout.order import crossings, order
from engine.diagram.layout.ranks import ranks, turned
from engine.diagram.text_width import lines, width

BOX = Size(100, 40)


def placed(*links: tuple[str, str]) -> Placed:
    names = dict.fromkeys(name for link in links for name in link)
    return layout(dict.fromkeys(names, BOX), [Link(*link, Size(30, 14)) for link in links])


def test_ways_lead_down_and_loops_lead_up() -> None:
    found = placed(("a", "b"), ("b", "c"), ("c", "a"))
    assert found.boxes["a"].y < found.boxes["b"].y < found.boxes["c"].y
    down, _, up = (found.lines[number] for number in range(3))
    assert down[0].y < down[-1].y
    assert up[0].y > up[-1].y


def test_long_way_goes_round_the_boxes_between() -> None:
    found = placed(("a", "b"), ("b", "c"), ("a", "c"))
    beside = [point for point in found.lines[2] if abs(point.y - found.boxes["b"].y) <= BOX.height / 2]
    assert beside
    assert all(abs(point.x - found.boxes["b"].x) > BOX.width / 2 for point in beside)


def test_way_from_a_box_to_itself_is_at_its_side() -> None:
    found = placed(("a", "a"))
    assert found.lines[0][0].x == found.boxes["a"].x + BOX.width / 2
    assert found.size.width > found.labels[0].x


def test_what_the_start_does_not_reach_is_just_above_what_it_leads_to() -> None:
    links = [Link("a", "b"), Link("b", "c"), Link("c", "end"), Link("handler", "sorry"), Link("sorry", "end")]
    found = ranks(["a", "b", "c", "end", "handler", "sorry"], links)
    assert (found["handler"], found["sorry"], found["end"]) == (2, 4, 6)


def test_parts_that_do_not_hang_together_stand_side_by_side() -> None:
    found = placed(("a", "b"), ("x", "y"))
    assert found.boxes["x"].y == found.boxes["a"].y
    assert found.boxes["x"].x - found.boxes["a"].x > BOX.width


def test_order_takes_crossings_away() -> None:
    links = [Link("a", "y"), Link("b", "x"), Link("r", "a"), Link("r", "b")]
    names = ["r", "a", "b", "x", "y"]
    found = layers(dict.fromkeys(names, BOX), links, ranks(names, links))
    found.rows[4].reverse()
    for at, slot in enumerate(found.rows[4]):
        slot.at = at
    order(found.rows)
    assert crossings(found.rows) == 0


def test_thousands_of_steps_in_a_row_need_no_stack() -> None:
    links = [Link(str(n), str(n + 1)) for n in range(5_000)]
    assert not turned([str(n) for n in range(5_001)], links)


def test_long_word_is_broken_and_what_does_not_fit_is_cut() -> None:
    found = lines("https://example.com/" + "a" * 200, 12, 100, 2)
    assert len(found) == 2
    assert found[1].endswith("…")
    assert all(width(line, 12) <= 100 for line in found)


NAMES = "abcdefgh"
LINKS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), min_size=1, max_size=24, unique=True)


@given(LINKS)
def test_no_box_stands_upon_another_and_all_are_in_the_picture(links: list[tuple[str, str]]) -> None:
    found = placed(*links)
    for one, other in combinations(found.boxes.values(), 2):
        assert abs(one.x - other.x) >= BOX.width - 0.01 or abs(one.y - other.y) >= BOX.height - 0.01
    for box in found.boxes.values():
        assert BOX.width / 2 - 0.01 <= box.x <= found.size.width - BOX.width / 2 + 0.01
        assert BOX.height / 2 - 0.01 <= box.y <= found.size.height - BOX.height / 2 + 0.01


@given(LINKS)
def test_line_begins_and_ends_at_its_boxes(links: list[tuple[str, str]]) -> None:
    found = placed(*links)
    for number, (source, target) in enumerate(links):
        for name, point in ((source, found.lines[number][0]), (target, found.lines[number][-1])):
            box = found.boxes[name]
            assert abs(point.x - box.x) <= BOX.width / 2 + 0.01
            assert abs(point.y - box.y) <= BOX.height / 2 + 0.01
