"""What `offhook replay` says: how many calls take another course, by the first step at which they do."""

from collections.abc import Iterable, Iterator, Sequence

import click
import msgspec

from engine.cli.terminal import columns, visible
from engine.simulate.recorded.comparing import Compared, Difference

FORMAT = 1
_EXAMPLES = 3


def text(flow: str, against: str, compared: Sequence[Compared], unreadable: Sequence[str]) -> str:
    return "\n".join(_lines(flow, against, compared, unreadable))


def _lines(flow: str, against: str, compared: Sequence[Compared], unreadable: Sequence[str]) -> Iterator[str]:
    yield click.style(f"{flow}  {_calls(len(compared))} through {visible(against)}", bold=True)
    yield f"    {', '.join(_counts(compared, unreadable))}"
    yield from _redacted(sum(one.redacted for one in compared))
    yield from _courses([one for one in compared if one.difference is not None])
    yield from _reworded(compared)
    yield from _incompatible([one for one in compared if one.verdict == "incompatible"], unreadable)


def _counts(compared: Sequence[Compared], unreadable: Sequence[str]) -> Iterator[str]:
    said = {
        "same": "the same",
        "words": "the same in other words",
        "course": "another course",
        "incompatible": "cannot be compared",
    }
    for verdict, words in said.items():
        count = sum(one.verdict == verdict for one in compared) + (len(unreadable) if verdict == "incompatible" else 0)
        if count:
            yield f"{count} {words}"


def _redacted(count: int) -> Iterator[str]:
    if count:
        yield f"    {count} without what is personal: where the candidate has moved a bound, values that stand in for others may hide it."
        yield "    A journal, or `offhook runs export --no-redact`, has them as they were."


def _courses(changed: Sequence[Compared]) -> Iterator[str]:
    """A row for each first step at which calls differ, and how; the most frequent first."""
    rows: dict[tuple[str, str, str, str], list[Compared]] = {}
    for one in changed:
        found = one.difference
        assert found is not None
        rows.setdefault((found.step, found.was, found.now, found.why), []).append(one)
    if not rows:
        return
    ordered = sorted(rows.items(), key=lambda row: (-len(row[1]), row[0]))
    wide = max(len("step"), *(len(step) for (step, *_), _ in ordered))
    yield ""
    yield f"  {'step':<{wide}}  calls  what changes"
    for (step, was, now, why), calls in ordered:
        yield f"  {visible(step):<{wide}}  {len(calls):>5}  {visible(f'was: {was}')}"
        for more in (f"now: {now}", why, _such_as(calls)):
            if more:
                yield f"  {'':<{wide}}         {_cut(visible(more), wide)}"


def _such_as(calls: Sequence[Compared]) -> str:
    return "such as " + ", ".join(f"{one.run_id} at {_time(one.difference)}" for one in calls[:_EXAMPLES])


def _reworded(compared: Sequence[Compared]) -> Iterator[str]:
    counts: dict[tuple[str, str, str], int] = {}
    for one in compared:
        for said in one.reworded:
            key = (said.step, said.was, said.now)
            counts[key] = counts.get(key, 0) + 1
    if not counts:
        return
    yield ""
    yield "  Other words"
    for (step, was, now), count in sorted(counts.items(), key=lambda row: (-row[1], row[0])):
        yield f"  {visible(step)}, in {_calls(count)}"
        yield f"      was: “{visible(was)}”"
        yield f"      now: “{visible(now)}”"


def _incompatible(compared: Sequence[Compared], unreadable: Iterable[str]) -> Iterator[str]:
    reasons: dict[str, list[str]] = {}
    for one in compared:
        reasons.setdefault(one.why, []).append(one.run_id)
    if reasons or unreadable:
        yield ""
        yield "  Not compared"
    for why, runs in reasons.items():
        yield f"  {_calls(len(runs))}: {visible(why)}"
        yield f"      such as {', '.join(runs[:_EXAMPLES])}"
    for problem in unreadable:
        yield from (f"  {visible(line)}" for line in problem.splitlines())


def _calls(count: int) -> str:
    return f"{count} {'call' if count == 1 else 'calls'}"


def _time(found: Difference | None) -> str:
    minutes, ms = divmod(found.at_ms if found is not None else 0, 60_000)
    return f"{minutes}:{ms / 1000:04.1f}"


def _cut(said: str, wide: int) -> str:
    room = max(columns(200) - wide - 11, 40)
    return said if len(said) <= room else f"{said[: room - 1]}…"


def as_json(flow: str, against: str, compared: Sequence[Compared], unreadable: Sequence[str]) -> str:
    whole = {
        "format": FORMAT,
        "flow": flow,
        "against": against,
        "runs": len(compared) + len(unreadable),
        **{name: sum(one.verdict == name for one in compared) for name in ("same", "words", "course", "incompatible")},
        "redacted": sum(one.redacted for one in compared),
        "unreadable": list(unreadable),
        "calls": [
            {
                "run": one.run_id,
                "verdict": one.verdict,
                "why": one.why,
                "difference": one.difference,
                "reworded": one.reworded,
                "redacted": one.redacted,
            }
            for one in compared
        ],
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode()
