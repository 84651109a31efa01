"""What the person does and nothing listens to: that fails a case, unless it says `ignored: true`."""

from collections.abc import Iterator

from engine.compile.located import Mapping, Scalar
from engine.exchange.caller import Presses, Says
from engine.simulate.cases.failing import Failure, Held

_OR_MEANT = "or write `ignored: true` beside: it means to show that."


class Unheeded(Held):
    def failures(self) -> Iterator[Failure]:
        """Keys and words that nobody listened to, unless the case says so; and the other way round."""
        lines = zip(self.script.lines, self.script.nodes, strict=True)
        done = [(one, node) for one, node in lines if isinstance(one, Presses | Says) and isinstance(node, Mapping)]
        for index, ((line, node), in_vain) in enumerate(zip(done, self.outcome.in_vain, strict=False)):
            meant = node.get("ignored")
            if (in_vain > 0) == (isinstance(meant, Scalar) and meant.value is True):
                continue
            mark = self.shows.said_or_pressed(index)
            if in_vain:
                yield self.failure(node, *_unheeded(line, in_vain), mark)
            else:
                what = "These keys are" if isinstance(line, Presses) else "This is"
                yield self.failure(meant, f"{what} listened to, and not ignored.", "", mark)


def _unheeded(line: Presses | Says, in_vain: int) -> tuple[str, str]:
    """What is said of it, and the advice."""
    if isinstance(line, Says):
        return "Nobody listens to words here.", f"Say it where something listens for speech, {_OR_MEANT}"
    advice = f"Press them where something takes keys, {_OR_MEANT}"
    if in_vain == len(line.digits):
        return "Nobody listens to keys here.", advice
    return f"Nobody listens to the last {f'{in_vain} ' if in_vain > 1 else ''}of these keys.", advice
