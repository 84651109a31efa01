"""What the person does and nothing listens to: that fails a case, unless it says `ignored: true`."""

from collections.abc import Iterator

from engine.compile.located import Mapping, Scalar
from engine.exchange.caller import Presses
from engine.simulate.cases.failing import Failure, Held

_ADVICE = "Press them where something takes keys, or write `ignored: true` beside: it means to show that."


class Unheeded(Held):
    def failures(self) -> Iterator[Failure]:
        """Keys that nobody listened to, unless the case says so; and the other way round."""
        lines = zip(self.script.lines, self.script.nodes, strict=True)
        pressed = [(line, node) for line, node in lines if isinstance(line, Presses) and isinstance(node, Mapping)]
        for index, ((line, node), in_vain) in enumerate(zip(pressed, self.outcome.in_vain, strict=False)):
            meant = node.get("ignored")
            if (in_vain > 0) == (isinstance(meant, Scalar) and meant.value is True):
                continue
            mark = self.shows.pressed(index)
            if in_vain:
                yield self.failure(node, _unheeded(line, in_vain), _ADVICE, mark)
            else:
                yield self.failure(meant, "These keys are listened to, and not ignored.", "", mark)


def _unheeded(pressed: Presses, in_vain: int) -> str:
    if in_vain == len(pressed.digits):
        return "Nobody listens to keys here."
    return f"Nobody listens to the last {f'{in_vain} ' if in_vain > 1 else ''}of these keys."
