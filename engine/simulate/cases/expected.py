"""What a case expects, key by key: what is not so, where the case says so, and where in the transcript it shows."""

from collections.abc import Iterator
from collections.abc import Sequence as Seq
from itertools import zip_longest
from typing import Any

from engine.compile.located import Mapping, Node, Scalar, at
from engine.model import marks
from engine.simulate.cases import golden, lawful, saying
from engine.simulate.cases.failing import Failure, Held, plain_text
from engine.simulate.cases.fitting import ANY, apart, fits, likeness, matches
from engine.simulate.cases.given import as_json
from engine.simulate.laws import Breach

_NOT_KEPT = "No transcript is kept here yet."
_NO_ROOM = "Write `transcript:` on a line of its own, not within `{ }`: then `offhook test --update` can write it."
_KEEP = "`offhook test --update` writes down how the call goes now."


class Expected(Held):
    def failures(self) -> Iterator[Failure]:
        """In the order of the case's keys."""
        checks = {
            "path": self._path,
            "heard": self._heard,
            "not_heard": self._not_heard,
            "commands": self._commands,
            "fetches": self._fetches,
            "outcomes": self._outcomes,
            "vars": self._vars,
            "recordings": self._recordings,
            "returns": self._returns,
            "ends": self._ends,
            "laws": self._laws,
            "transcript": self._transcript,
        }
        for key, _ in self.case.entries("expect"):
            if self.ordered or key.text != "transcript":
                yield from checks[key.text]()

    def _path(self) -> Iterator[Failure]:
        nodes = [node for node in self.case.items("expect", "path") if isinstance(node, Scalar)]
        if matches([node.text for node in nodes], self.outcome.path):
            return
        went = self.outcome.path
        whole = f"The call went {' → '.join(went) or 'nowhere'}."
        for index, (node, step) in enumerate(zip_longest(nodes, went)):
            if node is not None and node.text == ANY:
                yield self.failure(node, "The path does not go on as it says from here.", whole, self.shows.last)
                return
            if node is None:
                mark = self.shows.entered(index)
                yield self.failure(
                    nodes[-1] if nodes else None, f"After this, the call went on to `{step}`.", whole, mark
                )
                return
            if step is None:
                yield self.failure(node, f"The call ended before it came to `{node.text}`.", whole, self.shows.last)
                return
            if node.text != step:
                message = f"Here the call went to `{step}`, not to `{node.text}`."
                yield self.failure(node, message, whole, self.shows.entered(index))
                return

    def _heard(self) -> Iterator[Failure]:
        """Each text behind the end of the one before, be it in the same prompt."""
        place = begin = 0
        heard = [one.casefold() for one in self.outcome.heard]
        for node in self.case.items("expect", "heard"):
            text = plain_text(node).casefold()
            while place < len(heard) and (found := heard[place].find(text, begin)) < 0:
                place, begin = place + 1, 0
            if place == len(heard):
                yield self._unheard(node, [index for index, one in enumerate(heard) if text in one])
                return
            begin = found + len(text)

    def _unheard(self, node: Node, places: list[int]) -> Failure:
        """`places` are the prompts with this text, too early all of them."""
        text = plain_text(node)
        where = "before the end of the text above, not after it" if places else "at no time"
        near = saying.closest_text(text, self.outcome.heard)
        advice = f"Heard: “{near}”" if near and not places else ""
        mark = self.shows.nth("hears", places[-1]) if places else self.shows.last
        return self.failure(node, f"“{text}” was heard {where}.", advice, mark)

    def _not_heard(self) -> Iterator[Failure]:
        for node in self.case.items("expect", "not_heard"):
            text = plain_text(node).casefold()
            for index, heard in enumerate(self.outcome.heard):
                if text in heard.casefold():
                    yield self.failure(node, f"It was heard: “{heard}”", mark=self.shows.nth("hears", index))
                    break

    def _commands(self) -> Iterator[Failure]:
        after = 0
        sent = self.outcome.commands
        for node in self.case.items("expect", "commands"):
            name, wanted = named(node)
            if not self.ordered and is_of_an_order(name):
                continue
            same = [index for index in range(after, len(sent)) if sent[index].command == name]
            found = next((one for one in same if fits(wanted, sent[one].params)), None)
            if found is None and same:
                yield self._other_params(node, name, wanted, same)
                return
            if found is None:
                yield self.failure(node, *self._no_command(name))
                return
            after = found + 1

    def _other_params(self, node: Node, name: str, wanted: Any, same: list[int]) -> Failure:
        """`same` are the places of the command; what is said is of the one that is most like it."""
        sent = self.outcome.commands
        near = max(same, key=lambda one: likeness(wanted, sent[one].params))
        path = apart(wanted, sent[near].params)
        other, value = _at(sent[near].params, path)
        message = f"`{name}` was sent with {other} `{_dotted(path)}`."
        mark = self.shows.sent(name, [one.command for one in sent[:near]].count(name))
        return self.failure(_within(node, path), message, f"It was sent with {self.told(value)}.", mark)

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
            name, wanted = named(node)
            request = {part: getattr(one.request, part) for part in ("method", "url", "headers", "json", "body")}
            mark = self.shows.sent("fetch", made.index(one))
            if name not in (one.step, one.request.url):
                message = f"Here `{one.step}` fetched, not `{name}`."
                yield self.failure(node, message, f"It fetched {one.request.url}.", mark)
                return
            if not fits(wanted, marks.sent(request)):
                path = apart(wanted, marks.sent(request))
                other, value = _at(request, path)
                message = f"`{name}` sent {other} `{_dotted(path)}`."
                yield self.failure(_within(node, path), message, f"It sent {self.told(value)}.", mark)
                return
        if len(nodes) > len(made):
            message = (
                f"`{named(nodes[len(made)])[0]}` does not fetch here: the call has made {len(made) or 'no'} requests."
            )
            yield self.failure(nodes[len(made)], message, mark=self.shows.last)
        elif len(nodes) < len(made):
            one, mark = made[len(nodes)], self.shows.sent("fetch", len(nodes))
            when = "After this," if nodes else "No request is expected, and"
            message = f"{when} `{one.step}` fetched {one.request.url}."
            yield self.failure(nodes[-1] if nodes else self.case.find("expect", "fetches"), message, mark=mark)

    def _outcomes(self) -> Iterator[Failure]:
        for key, node in self.case.entries("expect", "outcomes"):
            found = self.outcome.outcomes.get(key.text)
            if found is None:
                message = f"`{key.text}` has no outcome: the call did not come through it."
                yield self.failure(node, message, mark=self.shows.last)
            elif found != plain_text(node):
                mark = self.shows.line("step", "outcome", key.text, last=True)
                yield self.failure(
                    node, f"`{key.text}` ended with `{found}`, not with `{plain_text(node)}`.", mark=mark
                )

    def _vars(self) -> Iterator[Failure]:
        for key, node in self.case.entries("expect", "vars"):
            if key.text not in self.outcome.vars:
                yield self.failure(node, f"`{key.text}` has no value at the end.", mark=self.shows.last)
                continue
            found, wanted = self.outcome.vars[key.text], as_json(node)
            if isinstance(found, str) and isinstance(node, Scalar):
                wanted = node.text
            if found != wanted:
                message = f"`{key.text}` is {saying.value(found)} at the end, not {saying.value(wanted)}."
                yield self.failure(node, message, mark=self.shows.set_last(key.text))

    def _recordings(self) -> Iterator[Failure]:
        node = self.case.find("expect", "recordings")
        wanted, found = as_json(node) if node is not None else 0, len(self.outcome.recordings)
        if wanted != found:
            there = "There is no recording" if not found else f"There {'is 1' if found == 1 else f'are {found}'}"
            mark = self.shows.nth("call", wanted, "recorded") if found > wanted else self.shows.last
            expected = f"{wanted} {'is' if wanted == 1 else 'are'} expected" if wanted else "none is expected"
            yield self.failure(node, f"{there}, and {expected}.", mark=mark)

    def _returns(self) -> Iterator[Failure]:
        node, found = self.case.find("expect", "returns"), self.outcome.returned
        name = node.get("outcome") if isinstance(node, Mapping) else node
        wanted = plain_text(name) if name is not None else ""
        if found is None:
            yield self.failure(
                name, f"The run ended without a `return`, and `{wanted}` is expected.", mark=self.shows.last
            )
            return
        mark = self.shows.line("step", "returned", "", last=True)
        if found.outcome != wanted:
            yield self.failure(name, f"The run returned `{found.outcome}`, not `{wanted}`.", mark=mark)
            return
        for key, one in self.case.entries("expect", "returns", "with"):
            value = as_json(one)
            if key.text not in found.fields:
                yield self.failure(key, f"`{wanted}` was returned without `{key.text}`.", mark=mark)
            elif not fits(value, found.fields[key.text]):
                message = f"`{wanted}` was returned with another `{key.text}`."
                yield self.failure(one, message, f"It hands back {self.told(found.fields[key.text])}.", mark)

    def _ends(self) -> Iterator[Failure]:
        node = self.case.find("expect", "ends")
        wanted = [plain_text(one) for one in self.case.items("expect", "ends")] or [
            plain_text(node) if node is not None else ""
        ]
        if self.outcome.ended and self.outcome.ended not in wanted:
            mark = self.shows.line("step", "ended", "", last=True)
            names = [f"`{one}`" for one in wanted]
            either = " or ".join(([", ".join(names[:-1])] if names[1:] else []) + names[-1:])
            yield self.failure(node, f"The run ended with `{self.outcome.ended}`, not with {either}.", mark=mark)

    def _laws(self) -> Iterator[Failure]:
        """Those that are looked at because they are named here; all others always are."""
        for node in self.case.items("expect", "laws"):
            law = plain_text(node)
            why = ""
            if law == "ends" and not self.outcome.stuck:
                why = lawful.never_ends(self.outcome)
            elif law == "same-end" and self.usual is not None:
                why = lawful.same_end(self.outcome, self.usual)
            if why:
                yield self.breach(node, Breach(law, why), self.shows.last)

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


def is_of_an_order(command: str) -> bool:
    """Is it an order to an operation that goes on (`calling.play.stop`)? Whether that is needed still depends on what has come."""
    return command.count(".") > 1


def named(node: Node) -> tuple[str, Any]:
    """A name alone, or with what it is to have."""
    if isinstance(node, Mapping):
        key, value = node.entries[0]
        return key.text, as_json(value)
    return plain_text(node), ANY


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
