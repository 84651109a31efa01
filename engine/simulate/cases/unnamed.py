"""What no case has to name: a call without these is sound, whatever else is expected of it."""

from collections import Counter
from collections.abc import Iterator

from engine.compile.located import Mapping, Node, Scalar, Sequence
from engine.exchange.caller import Hears, Line
from engine.simulate.cases import lawful, replies, saying
from engine.simulate.cases.failing import Failure, Held, plain_text
from engine.simulate.cases.given import FAULTS

_ROUND = 12
"""So many of the last steps of a call that never ends are named, each once."""


class Unnamed(Held):
    """`troubles` come before what the case expects, `leftovers` behind it."""

    def troubles(self) -> Iterator[Failure]:
        for fault in self.outcome.broken:
            yield self.failure(None, f"This is a fault of Offhook's: {fault}.", "Please report it.", law="sound")
        for one in self.outcome.fetches:
            if not one.given:
                what = f"{one.request.method} {one.request.url}"
                message = f"`{one.step}` fetches {what}, and the case has no reply to that, or none any more."
                advice = f"Add one under `fetch`: {one.step}: {{status: 200, body: ...}}."
                yield self.failure(self.case.find("fetch"), message, advice, self.shows.line("out", "fetch", one.step))
                break
        yield from self._misfits()
        if self.outcome.stuck:
            step = self.outcome.path[-1] if self.outcome.path else ""
            message = f"The call never ends: {self.outcome.stuck}, at `{step}`."
            around = ", ".join(f"`{step}`" for step in sorted(set(self.outcome.path[-_ROUND:])))
            advice = f"It goes on through {around}. Let the caller go on or hang up, or give the flow an end."
            yield self.failure(None, message, advice, self.shows.last, "ends")
        elif self.outcome.open:
            who = " and ".join(self.outcome.open)
            message = f"The run has ended, and the call to {who} is still up: nobody will end it."
            advice = "`end: hangup` ends a call; `end: done` leaves it as it is."
            yield self.failure(None, message, advice, self.shows.last, "left-open")
        for found in lawful.broken(self.outcome):
            yield self.breach(None, found.breach, self.shows.place(found.place))

    def _misfits(self) -> Iterator[Failure]:
        """Of replies by URL: which step asks for one is known only now."""
        given = {key.text: node for key, node in self.case.entries("fetch")}
        asked: Counter[str] = Counter()
        for one in self.outcome.fetches:
            url = one.request.url
            if one.step in given or url not in given:
                continue
            node = replies.nth(given[url], asked[url])
            asked[url] += 1
            misfits = replies.misfits(one.step, one.request.returns, node) if node is not None else ()
            found = next((one for one in misfits if one.severity == "error"), None)
            if found is not None:
                yield self.failure(found.node, found.message, found.help, self.shows.line("out", "fetch", one.step))
                return

    def leftovers(self) -> Iterator[Failure]:
        own = {key.text: node for key, node in self.case.own("fetch")}
        for name in (name for name in self.outcome.unused if name in own):
            yield self._unasked(name, own[name])
        for place in self.outcome.unmet:
            yield self._unmet(self.case.items("faults")[place])
        left = len(self.outcome.unread)
        if left and not self.outcome.stuck:
            node = self.script.nodes[-left]
            first = saying.line(self.outcome.unread[0])
            more = "" if left == 1 else " or the one after it" if left == 2 else f" or the {left - 1} after it"
            message = f"The caller never came to this line ({first}){more}: the call was over before."
            yield self.failure(node, message, self._last_heard(self.outcome.unread[0]), self.shows.last)

    def _last_heard(self, line: Line) -> str:
        texts = [text for text in self.outcome.heard if text != "beep"]
        if not texts:
            return "Nothing was heard."
        before = isinstance(line, Hears) and any(line.text.casefold() in text.casefold() for text in texts)
        again = " It began before this line's turn, and not again." if before else ""
        return f"Last heard: “{texts[-1]}”{again}"

    def _unasked(self, name: str, node: Node) -> Failure:
        if isinstance(node, Sequence):
            return self.failure(node, f"`{name}` did not ask for all of these replies.", "Remove those that are left.")
        return self.failure(node, f"`{name}` never asked for this reply.", "Remove it, or let the call come there.")

    def _unmet(self, node: Node) -> Failure:
        """A fault that had nothing to happen to."""
        assert isinstance(node, Mapping)
        word, kind = next((key.text, plain_text(value)) for key, value in node.entries if key.text in FAULTS)
        nth = node.get("nth")
        few = f"fewer than {nth.text} of these" if isinstance(nth, Scalar) and isinstance(nth.value, int) else ""
        met = f"the call had {few or 'nothing that it could happen to'}"
        advice = "`offhook test --format json --transcripts` lists all that is sent and reported in a call."
        return self.failure(node, f"`{word}: {kind}` never happened: {met}.", advice)
