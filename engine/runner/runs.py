"""The runs that live: those to which something happened lately in memory, the others at rest in the journal.

A run that waits costs an entry here and one among the timers. It comes back when its next webhook or timer comes, read
from its row of the journal.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator

from engine.model.ids import RunId
from engine.runner.live import Live

IN_MEMORY = 10_000
"""Runs that are kept in memory; those to which nothing has happened for the longest go to rest first."""


class Runs:
    """`opened` reads a run from the journal; `left` is told of each that leaves the memory."""

    def __init__(
        self,
        opened: Callable[[RunId], Live | None],
        left: Callable[[Live], None],
        in_memory: int = IN_MEMORY,
    ) -> None:
        self._opened = opened
        self._left = left
        self._in_memory = in_memory
        self._live: OrderedDict[RunId, Live] = OrderedDict()
        self._resting: dict[RunId, tuple[int | None, int]] = {}

    def __len__(self) -> int:
        return len(self._live) + len(self._resting)

    def __iter__(self) -> Iterator[RunId]:
        yield from self._live
        yield from self._resting

    def __contains__(self, run_id: RunId) -> bool:
        return run_id in self._live or run_id in self._resting

    def __getitem__(self, run_id: RunId) -> Live:
        live = self.get(run_id)
        if live is None:
            raise KeyError(run_id)
        return live

    @property
    def resting(self) -> int:
        return len(self._resting)

    def get(self, run_id: RunId) -> Live | None:
        """The run, back in memory; None when none of that id lives. `JournalError` when it cannot be read. Good until
        the next `await`: after that, it may have gone to rest, unless something of it is under way."""
        live = self._live.get(run_id)
        if live is None and run_id in self._resting:
            live = self._opened(run_id)
            if live is None:
                del self._resting[run_id]
                return None
            live.due_ms, live.since_ms = self._resting[run_id]
            self.put(live)
        return live

    def put(self, live: Live) -> None:
        """Something happens to it."""
        run_id = live.state.run_id
        self._live[run_id] = live
        self._live.move_to_end(run_id)
        if self._resting:
            self._resting.pop(run_id, None)
        if len(self._live) > self._in_memory:
            self._let_rest()

    def rest(self, run_id: RunId, due_ms: int | None) -> None:
        """It lives, and is not read before something happens to it."""
        self._resting[run_id] = (due_ms, 0)

    def drop(self, live: Live) -> None:
        """It does not live any more."""
        run_id = live.state.run_id
        if self._live.pop(run_id, None) is not None:
            self._left(live)
        self._resting.pop(run_id, None)

    def due_ms(self, run_id: RunId) -> int | None:
        """When its entry among the timers is due."""
        live = self._live.get(run_id)
        return live.due_ms if live is not None else self._resting.get(run_id, (None, 0))[0]

    def _let_rest(self) -> None:
        """The one that has been quiet for the longest; one of which something is under way gets another turn."""
        run_id, live = next(iter(self._live.items()))
        if not live.is_at_rest:
            self._live.move_to_end(run_id)
            return
        del self._live[run_id]
        self._resting[run_id] = (live.due_ms, live.since_ms)
        self._left(live)
