"""What the person does and nothing listens to: that fails a case, unless it says `ignored: true`."""

from collections.abc import Iterator

from engine.compile.located import Mapping, Scalar
from engine.exchange.caller import Presses
from engine.simulate.cases.failing import Failure, Held


class Unheeded(Held):
    def failures(self) -> Iterator[Failure]:
        """Keys that nobody listened to, unless the case says so; and the other way round."""
        lines = zip(self.script.lines, self.script.nodes, strict=True)
        pressed = [node for line, node in lines if isinstance(line, Presses) and isinstance(node, Mapping)]
        for index, (node, in_vain) in enumerate(zip(pressed, self.outcome.in_vain, strict=False)):
            meant = node.get("ignored")
            if in_vain == (isinstance(meant, Scalar) and meant.value is True):
                continue
            mark = self.shows.pressed(index)
            if in_vain:
                advice = (
                    "Press them where something takes keys, or write `ignored: true` beside: it means to show that."
                )
                yield self.failure(node, "Nobody listens to keys here.", advice, mark)
            else:
                yield self.failure(meant, "These keys are listened to, and not ignored.", "", mark)
