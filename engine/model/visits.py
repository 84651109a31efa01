"""How often the steps of a frame were entered, counted under the numbers that the graph gives its steps.

A state that an older engine wrote counts under their names. Such an entry is taken over when its step is entered again.
"""

from engine.model.graph import FlowGraph
from engine.model.ids import StepName

Visits = dict[str, int]


def visit(flow: FlowGraph, visits: Visits, step: StepName) -> int:
    """How often the step was entered: the number of its visit now."""
    found = visits.get(flow.numbers.get(step, step))
    return visits.get(step, 0) if found is None else found


def with_visit(flow: FlowGraph, visits: Visits, step: StepName, count: int) -> Visits:
    number = flow.numbers.get(step, step)
    if step in visits and number != step:
        visits = {name: times for name, times in visits.items() if name != step}
    return {**visits, number: count}
