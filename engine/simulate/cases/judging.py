"""An outcome held against a case: what is not as expected, where the case says so, and where in the transcript it shows."""

from collections.abc import Iterator
from collections.abc import Sequence as Seq
from functools import cached_property
from itertools import zip_longest
from typing import Any

from msgspec import Struct

from engine.compile.located import Mapping, Node, Scalar, Sequence, at
from engine.exchange.caller import Hears, Line, Presses
from engine.model import marks
from engine.model.diagnostics import Span
from engine.simulate import hidden
from engine.simulate.cases import golden, lawful, saying
from engine.simulate.cases.case import Case
from engine.simulate.cases.fitting import ANY, apart, fits, matches
from engine.simulate.cases.given import FAULTS, as_json
from engine.simulate.cases.lawful import Usual
from engine.simulate.cases.script import Script
from engine.simulate.cases.showing import Shows
from engine.simulate.laws import LAWS, Breach
from engine.simulate.outcome import Outcome

_NOT_KEPT = "No transcript is kept here yet."
_NO_ROOM = "Write `transcript:` on a line of its own, not within `{ }`: then `offhook test --update` can write it."
_ROUND = 12
"""So many of the last steps of a call that never ends are named, each once."""
_KEEP = "`offhook test --update` writes down how the call goes now."


class Failure(Struct, frozen=True, kw_only=True):
    """`at` is the place in the test file. `mark` is the line of the transcript at which the call went another way, from
    0; None where no line shows it. `law`: which of those of every call does not hold, if it is one."""

    at: Span
    message: str
    help: str = ""
    mark: int | None = None
    law: str = ""


def judge(
    case: Case, script: Script, outcome: Outcome, usual: Usual | None = None, *, but: frozenset[str] = frozenset()
) -> tuple[Failure, ...]:
    """Everything that is not as it should be: first what the case does not even name, then its expectations in order, `but`
    for those of these keys. `usual` is the same call with nothing slow in it, for a case that names the law `same-end`."""
    return tuple(_Judge(case, script, outcome, usual).failures(but))


class _Judge:
    def __init__(self, case: Case, script: Script, outcome: Outcome, usual: Usual | None) -> None:
        self.case = case
        self.script = script
        self.outcome = outcome
        self.usual = usual
        self.shows = Shows(outcome)

    @cached_property
    def secrets(self) -> frozenset[str]:
        return self.outcome.secrets

    def failures(self, but: frozenset[str]) -> Iterator[Failure]:
        yield from self._troubles()
        yield from self._keys()
        checks = {
            "path": self._path,
            "heard": self._heard,
            "not_heard": self._not_heard,
            "commands": self._commands,
            "fetches": self._fetches,
            "outcomes": self._outcomes,
            "vars": self._vars,
            "recordings": self._recordings,
            "ends": self._ends,
            "laws": self._laws,
            "transcript": self._transcript,
        }
        for key, _ in self.case.entries("expect"):
            if key.text not in but:
                yield from checks[key.text]()
        yield from self._leftovers()

    def _failure(
        self, node: Node | None, message: str, help: str = "", mark: int | None = None, law: str = ""
    ) -> Failure:
        """What is secret or private is not told."""
        said, advice = (hidden.in_text(text, self.secrets) for text in (message, help))
        return Failure(at=self.case.span(node), message=said, help=advice, mark=mark, law=law)

    # What no case expects

    def _troubles(self) -> Iterator[Failure]:
        for fault in self.outcome.broken:
            yield self._failure(None, f"This is a fault of Offhook's: {fault}.", "Please report it.", law="sound")
        for one in self.outcome.fetches:
            if not one.given:
                what = f"{one.request.method} {one.request.url}"
                message = f"`{one.step}` fetches {what}, and the case has no reply to that, or none any more."
                advice = f"Add one under `fetch`: {one.step}: {{status: 200, body: ...}}."
                yield self._failure(self.case.find("fetch"), message, advice, self.shows.line("out", "fetch", one.step))
                break
        if self.outcome.stuck:
            step = self.outcome.path[-1] if self.outcome.path else ""
            message = f"The call never ends: {self.outcome.stuck}, at `{step}`."
            around = ", ".join(f"`{step}`" for step in sorted(set(self.outcome.path[-_ROUND:])))
            advice = f"It goes on through {around}. Let the caller go on or hang up, or give the flow an end."
            yield self._failure(None, message, advice, self.shows.last, "ends")
        elif self.outcome.open:
            who = " and ".join(self.outcome.open)
            message = f"The run has ended, and the call to {who} is still up: nobody will end it."
            advice = "`end: hangup` ends a call; `end: done` leaves it as it is."
            yield self._failure(None, message, advice, self.shows.last, "left-open")
        for found in lawful.broken(self.outcome):
            yield self._breach(None, found.breach, self.shows.place(found.place))

    def _breach(self, node: Node | None, breach: Breach, mark: int | None) -> Failure:
        message = f"{breach.why[:1].upper()}{breach.why[1:].removesuffix('.')}."
        advice = f"It breaks the law `{breach.law}`: {LAWS[breach.law]}."
        if breach.law == "accepted":
            advice += " A stand-in is not always what the platform takes: say under `uses` what does."
        return self._failure(node, message, advice, mark, breach.law)

    def _leftovers(self) -> Iterator[Failure]:
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
            yield self._failure(node, message, self._last_heard(self.outcome.unread[0]), self.shows.last)

    def _last_heard(self, line: Line) -> str:
        texts = [text for text in self.outcome.heard if text != "beep"]
        if not texts:
            return "Nothing was heard."
        before = isinstance(line, Hears) and any(line.text.casefold() in text.casefold() for text in texts)
        again = " It began before this line's turn, and not again." if before else ""
        return f"Last heard: “{texts[-1]}”{again}"

    def _keys(self) -> Iterator[Failure]:
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
                yield self._failure(node, "Nobody listens to keys here.", advice, mark)
            else:
                yield self._failure(meant, "These keys are listened to, and not ignored.", "", mark)

    def _unasked(self, name: str, node: Node) -> Failure:
        if isinstance(node, Sequence):
            return self._failure(node, f"`{name}` did not ask for all of these replies.", "Remove those that are left.")
        return self._failure(node, f"`{name}` never asked for this reply.", "Remove it, or let the call come there.")

    def _unmet(self, node: Node) -> Failure:
        """A fault that had nothing to happen to."""
        assert isinstance(node, Mapping)
        word, kind = next((key.text, _text(value)) for key, value in node.entries if key.text in FAULTS)
        nth = node.get("nth")
        few = f"fewer than {nth.text} of these" if isinstance(nth, Scalar) and isinstance(nth.value, int) else ""
        met = f"the call had {few or 'nothing that it could happen to'}"
        advice = "`offhook test --format json --transcripts` lists all that is sent and reported in a call."
        return self._failure(node, f"`{word}: {kind}` never happened: {met}.", advice)

    # What it expects

    def _path(self) -> Iterator[Failure]:
        nodes = [node for node in self.case.items("expect", "path") if isinstance(node, Scalar)]
        if matches([node.text for node in nodes], self.outcome.path):
            return
        went = self.outcome.path
        whole = f"The call went {' → '.join(went) or 'nowhere'}."
        for index, (node, step) in enumerate(zip_longest(nodes, went)):
            if node is not None and node.text == ANY:
                yield self._failure(node, "The path does not go on as it says from here.", whole, self.shows.last)
                return
            if node is None:
                mark = self.shows.entered(index)
                yield self._failure(
                    nodes[-1] if nodes else None, f"After this, the call went on to `{step}`.", whole, mark
                )
                return
            if step is None:
                yield self._failure(node, f"The call ended before it came to `{node.text}`.", whole, self.shows.last)
                return
            if node.text != step:
                message = f"Here the call went to `{step}`, not to `{node.text}`."
                yield self._failure(node, message, whole, self.shows.entered(index))
                return

    def _heard(self) -> Iterator[Failure]:
        after = 0
        for node in self.case.items("expect", "heard"):
            text = _text(node)
            rest = [index for index, heard in enumerate(self.outcome.heard) if text.casefold() in heard.casefold()]
            found = next((index for index in rest if index >= after), None)
            if found is None:
                where = "before the text above, not after it" if rest else "at no time"
                near = saying.closest_text(text, self.outcome.heard)
                advice = f"Heard: “{near}”" if near and not rest else ""
                mark = self.shows.nth("hears", rest[-1]) if rest else self.shows.last
                yield self._failure(node, f"“{text}” was heard {where}.", advice, mark)
                return
            after = found

    def _not_heard(self) -> Iterator[Failure]:
        for node in self.case.items("expect", "not_heard"):
            text = _text(node).casefold()
            for index, heard in enumerate(self.outcome.heard):
                if text in heard.casefold():
                    yield self._failure(node, f"It was heard: “{heard}”", mark=self.shows.nth("hears", index))
                    break

    def _commands(self) -> Iterator[Failure]:
        after = 0
        sent = self.outcome.commands
        for node in self.case.items("expect", "commands"):
            name, wanted = _named(node)
            same = [index for index in range(after, len(sent)) if sent[index].command == name]
            found = next((one for one in same if fits(wanted, sent[one].params)), None)
            if found is None and same:
                yield self._other_params(node, name, wanted, same)
                return
            if found is None:
                yield self._failure(node, *self._no_command(name))
                return
            after = found + 1

    def _other_params(self, node: Node, name: str, wanted: Any, same: list[int]) -> Failure:
        """`same` are the places of the command; what is said is of the one that is most like it."""
        sent = self.outcome.commands
        near = max(same, key=lambda one: len(apart(wanted, sent[one].params)))
        path = apart(wanted, sent[near].params)
        other, value = _at(sent[near].params, path)
        message = f"`{name}` was sent with {other} `{_dotted(path)}`."
        mark = self.shows.sent(name, [one.command for one in sent[:near]].count(name))
        return self._failure(_within(node, path), message, f"It was sent with {self._told(value)}.", mark)

    def _told(self, value: Any) -> str:
        return marks.shown(saying.value(hidden.without(value, self.secrets)))

    def _no_command(self, name: str) -> tuple[str, str, int | None]:
        """What is said of it, the advice, and the line of the transcript."""
        sent = [one.command for one in self.outcome.commands]
        advice = f"Sent, in this order: {', '.join(sent)}."
        if name in sent:
            return f"`{name}` was sent before the command above, not after it.", advice, self.shows.sent(name, 0)
        return f"`{name}` was never sent.", advice, self.shows.last

    def _fetches(self) -> Iterator[Failure]:
        nodes, made = self.case.items("expect", "fetches"), self.outcome.fetches
        for node, one in zip(nodes, made, strict=False):
            name, wanted = _named(node)
            request = {part: getattr(one.request, part) for part in ("method", "url", "headers", "json", "body")}
            mark = self.shows.sent("fetch", made.index(one))
            if name not in (one.step, one.request.url):
                message = f"Here `{one.step}` fetched, not `{name}`."
                yield self._failure(node, message, f"It fetched {one.request.url}.", mark)
                return
            if not fits(wanted, marks.sent(request)):
                path = apart(wanted, marks.sent(request))
                other, value = _at(request, path)
                message = f"`{name}` sent {other} `{_dotted(path)}`."
                yield self._failure(_within(node, path), message, f"It sent {self._told(value)}.", mark)
                return
        if len(nodes) > len(made):
            message = (
                f"`{_named(nodes[len(made)])[0]}` does not fetch here: the call has made {len(made) or 'no'} requests."
            )
            yield self._failure(nodes[len(made)], message, mark=self.shows.last)
        elif len(nodes) < len(made):
            one, mark = made[len(nodes)], self.shows.sent("fetch", len(nodes))
            when = "After this," if nodes else "No request is expected, and"
            message = f"{when} `{one.step}` fetched {one.request.url}."
            yield self._failure(nodes[-1] if nodes else self.case.find("expect", "fetches"), message, mark=mark)

    def _outcomes(self) -> Iterator[Failure]:
        for key, node in self.case.entries("expect", "outcomes"):
            found = self.outcome.outcomes.get(key.text)
            if found is None:
                message = f"`{key.text}` has no outcome: the call did not come through it."
                yield self._failure(node, message, mark=self.shows.last)
            elif found != _text(node):
                mark = self.shows.line("step", "outcome", key.text, last=True)
                yield self._failure(node, f"`{key.text}` ended with `{found}`, not with `{_text(node)}`.", mark=mark)

    def _vars(self) -> Iterator[Failure]:
        for key, node in self.case.entries("expect", "vars"):
            if key.text not in self.outcome.vars:
                yield self._failure(node, f"`{key.text}` has no value at the end.", mark=self.shows.last)
                continue
            found, wanted = self.outcome.vars[key.text], as_json(node)
            if isinstance(found, str) and isinstance(node, Scalar):
                wanted = node.text
            if found != wanted:
                message = f"`{key.text}` is {saying.value(found)} at the end, not {saying.value(wanted)}."
                yield self._failure(node, message, mark=self.shows.set_last(key.text))

    def _recordings(self) -> Iterator[Failure]:
        node = self.case.find("expect", "recordings")
        wanted, found = as_json(node) if node is not None else 0, len(self.outcome.recordings)
        if wanted != found:
            there = "There is no recording" if not found else f"There {'is 1' if found == 1 else f'are {found}'}"
            mark = self.shows.nth("call", wanted, "recorded") if found > wanted else self.shows.last
            expected = f"{wanted} {'is' if wanted == 1 else 'are'} expected" if wanted else "none is expected"
            yield self._failure(node, f"{there}, and {expected}.", mark=mark)

    def _ends(self) -> Iterator[Failure]:
        node = self.case.find("expect", "ends")
        wanted = [_text(one) for one in self.case.items("expect", "ends")] or [_text(node) if node is not None else ""]
        if self.outcome.ended and self.outcome.ended not in wanted:
            mark = self.shows.line("step", "ended", "", last=True)
            names = [f"`{one}`" for one in wanted]
            either = " or ".join(([", ".join(names[:-1])] if names[1:] else []) + names[-1:])
            yield self._failure(node, f"The run ended with `{self.outcome.ended}`, not with {either}.", mark=mark)

    def _laws(self) -> Iterator[Failure]:
        """Those that are looked at because they are named here; all others always are."""
        for node in self.case.items("expect", "laws"):
            law = _text(node)
            why = ""
            if law == "ends" and not self.outcome.stuck:
                why = lawful.never_ends(self.outcome)
            elif law == "same-end" and self.usual is not None:
                why = lawful.same_end(self.outcome, self.usual)
            if why:
                yield self._breach(node, Breach(law, why), self.shows.last)

    def _transcript(self) -> Iterator[Failure]:
        found = golden.differs(self.case, self.shows.transcript)
        if found is None:
            return
        if not self.case.value("expect", "transcript"):
            yield Failure(at=found.at, message=_NOT_KEPT, help=self._how_to_keep())
            return
        came = f"Now there comes: {found.came.strip()}" if found.came else "Now there comes nothing more"
        message = "Here the call goes another way than the transcript that is kept."
        if not found.kept:
            message = "The call goes on after the transcript that is kept."
        yield Failure(at=found.at, message=message, help=f"{came}. {self._how_to_keep()}", mark=found.mark)

    def _how_to_keep(self) -> str:
        return _NO_ROOM if golden.is_in_braces(self.case) else _KEEP


def _text(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _named(node: Node) -> tuple[str, Any]:
    """A name alone, or with what it is to have."""
    if isinstance(node, Mapping):
        key, value = node.entries[0]
        return key.text, as_json(value)
    return _text(node), ANY


def _within(node: Node, path: Seq[str | int]) -> Node:
    """What a command or a request is to have there; `node` is all that is said of it."""
    return at(node.entries[0][1], tuple(path)) if isinstance(node, Mapping) else node


def _at(sent: Any, path: Seq[str | int]) -> tuple[str, Any]:
    """Was it another one there, or none? And what there was, or was around it."""
    for part in path:
        if isinstance(part, str) and part not in sent:
            return "no", sent
        sent = sent[part]
    return "another", sent


def _dotted(path: Seq[str | int]) -> str:
    return ".".join(str(one + 1) if isinstance(one, int) else one for one in path)
