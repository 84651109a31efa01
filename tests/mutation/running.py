"""All mutants of a folder of flows, made and judged by several processes."""

import os
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.mutation.document import Document
from tests.mutation.folder import Folder
from tests.mutation.kinds import KINDS
from tests.mutation.mutant import Kind, Mutant, mutants
from tests.mutation.trying import Copy, Tried
from tests.mutation.verdict import Bench, Verdict

UNSEEN = Path(__file__).parent / "unseen"
"""Flows that nobody has looked at who wrote a rule."""
CAP = 4
"""Of a kind so many mutants of one file, 0 for all; a seed chooses them."""
DRAWN_CAP = 2
"""The same for those of which some are drawn for the other tools, so that no kind outweighs the others."""
SEED = 20260701
SAMPLE = 50
SAMPLE_OF = "blood_drive.flow.yaml"
DRAWN = 300
"""So many of all mutants that are no equals are given to the other tools too: exploring takes seconds for each."""
SHORT = 12
SHORT_OF = "pin_entry.flow.yaml"
_benches: dict[Path, Bench] = {}
_copies: dict[Path, Copy] = {}


def make(root: Path, cap: int = CAP, kinds: Mapping[str, Kind] = KINDS) -> list[Mutant]:
    """Every mutant of every file in the folder, each file under the first flow that has it."""
    folder = Folder(root)
    found: list[Mutant] = []
    seen: set[str] = set()
    for flow in folder.flows:
        for path in sorted(folder.bundle(flow, folder.calendars(flow)).files):
            if path not in seen and path in folder.files:
                seen.add(path)
                found += _of_file(Document(path, folder.text(path)), flow, cap, kinds)
    return found


def _of_file(document: Document, flow: str, cap: int, kinds: Mapping[str, Kind]) -> Iterator[Mutant]:
    for kind in kinds.values():
        every = list(mutants(kind, document, flow))
        if 0 < cap < len(every):
            chosen = set(random.Random(f"{SEED} {kind.name} {document.path}").sample(range(len(every)), cap))
            every = [one for index, one in enumerate(every) if index in chosen]
        yield from every


def sampled() -> list[Mutant]:
    """Some mutants of one unseen flow, the same each time: for the tests."""
    every = [one for one in make(UNSEEN, cap=0) if one.flow == SAMPLE_OF]
    return random.Random(SEED).sample(every, SAMPLE)


def judge(root: Path, every: Iterable[Mutant], workers: int = 0) -> list[Verdict]:
    """In the order of the mutants. One process takes a flow's together: it drives the flow once."""
    tasks = [(root, one) for one in every]
    workers = workers or min(os.cpu_count() or 1, 8)
    if workers == 1 or len(tasks) < 20:
        return [_judged(task) for task in tasks]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return list(pool.map(_judged, tasks, chunksize=50))


def capped(root: Path, verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Those of a few mutants of each kind and file."""
    few = {(one.kind, one.path, one.text) for one in make(root, DRAWN_CAP)}
    return [one for one in verdicts if (one.mutant.kind, one.mutant.path, one.mutant.text) in few]


def drawn(shipped: Sequence[Verdict], unseen: Sequence[Verdict]) -> tuple[list[Verdict], list[Verdict]]:
    """Of the mutants that do something else, some; in proportion, and in their order."""
    every = [
        (one, index) for one, found in enumerate((shipped, unseen)) for index, each in enumerate(found) if not each.same
    ]
    chosen = set(random.Random(SEED).sample(every, min(DRAWN, len(every))))
    return [shipped[at] for one, at in sorted(chosen) if not one], [unseen[at] for one, at in sorted(chosen) if one]


def shortly_tried(root: Path) -> list[Tried]:
    """Some mutants of one small flow, given to all tools: for the tests."""
    every = [one for one in make(root, cap=1) if one.path == SHORT_OF]
    verdicts = judge(root, random.Random(SEED).sample(every, SHORT), workers=1)
    return try_all(root, [one for one in verdicts if not one.same], workers=1)


def try_all(root: Path, verdicts: Sequence[Verdict], workers: int = 0) -> list[Tried]:
    tasks = [(root, one) for one in verdicts]
    workers = workers or min(os.cpu_count() or 1, 8)
    if workers == 1 or len(tasks) < 20:
        return [_tried(task) for task in tasks]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return list(pool.map(_tried, tasks, chunksize=10))


def _tried(task: tuple[Path, Verdict]) -> Tried:
    root, verdict = task
    if root not in _copies:
        _copies[root] = Copy(root)
    return _copies[root].try_(verdict)


def _judged(task: tuple[Path, Mutant]) -> Verdict:
    root, mutant = task
    if root not in _benches:
        _benches[root] = Bench(root)
    return _benches[root].try_(mutant)
