"""Any flow, drawn: every step and every way of it is there; and compared with itself nothing has changed."""

from xml.etree import ElementTree

from hypothesis import given

from engine.compile.paths import Place, edges, is_own
from engine.diagram import draw
from engine.diagram.dot import dot
from engine.diagram.mermaid import mermaid
from engine.diagram.svg import svg
from engine.diff import compare
from tests.playbooks.machine import compiled
from tests.properties.test_paths import Plan, plans


@given(plans("ask", "record", "branch"))
def test_every_step_and_every_way_is_drawn(plan: Plan) -> None:
    graph = compiled(plan.text)
    drawing = draw(graph, file="f")
    assert {box.id for box in drawing.boxes} >= {*graph.steps}
    drawn = {(arrow.source, arrow.target, outcome) for arrow in drawing.arrows for outcome in arrow.outcomes}
    for step in graph.steps.values():
        for outcome in (*step.outcomes, "error", "rejected", "lost"):
            target = step.next.target(outcome)
            assert target is None or (step.name, target, outcome) in drawn
        for edge in edges(graph, Place(step.name)):
            assert not is_own(step, edge) or (step.name, edge.target.step, edge.outcome) in drawn
    assert {("@error", target) for event, target in graph.handlers.items() if event == "error"} <= {
        (arrow.source, arrow.target) for arrow in drawing.arrows
    }


@given(plans("ask", "record", "branch"))
def test_every_box_and_arrow_is_in_every_format(plan: Plan) -> None:
    drawing = draw(compiled(plan.text), file="f")
    picture = ElementTree.fromstring(svg([drawing]))
    paths = [one for one in picture.iter("{http://www.w3.org/2000/svg}path") if one.get("class") == "line"]
    assert len(paths) == len(drawing.arrows)
    assert dot([drawing]).count(" -> ") == len(drawing.arrows)
    text = mermaid([drawing])
    assert text.count(" --> ") + text.count(" -.-> ") + text.count(" -->|") + text.count(" -.->|") == len(
        drawing.arrows
    )
    for box in drawing.boxes:
        assert f"<b>{box.title}</b>" in text
        assert f'"story/{box.id}" [' in dot([drawing])


@given(plans("ask", "record", "branch"))
def test_nothing_has_changed_in_the_same_flow(plan: Plan) -> None:
    head, _, steps = plan.text.partition("steps:\n")
    lines = [line for line in steps.splitlines() if line.startswith("  ")]
    rest = [line for line in steps.splitlines() if not line.startswith("  ")]
    other = "\n".join([f"{head}# in another order", "steps:", *reversed(lines), *rest, ""])
    assert compare(compiled(plan.text), compiled(other)) == ()


@given(plans("ask", "record", "branch"), plans("ask", "record", "branch"))
def test_any_two_flows_can_be_compared(old: Plan, new: Plan) -> None:
    before, after = compiled(old.text), compiled(new.text)
    changes = compare(before, after)
    same = draw(before, file="f").arrows == draw(after, file="f").arrows
    assert changes or same, "a way has changed, and nothing is said"
