"""What a case expects to be sent: commands of the API, and requests of `fetch` steps."""

from collections.abc import Iterator
from collections.abc import Sequence as Seq
from typing import Any

from engine.compile.located import Mapping, Node, at
from engine.model import marks
from engine.simulate.cases.failing import Failure, Held, plain_text
from engine.simulate.cases.fitting import ANY, apart, fits, likeness
from engine.simulate.cases.given import as_json


class WhatIsSent(Held):
    def commands(self) -> Iterator[Failure]:
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

    def fetches(self) -> Iterator[Failure]:
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
