"""The second list: every row is made, its mutants are YAML, its flows do what their tests say, and its part of the page is there."""

import pytest

from engine.compile import yaml_reader
from engine.project import testing
from tests.architecture.source import ROOT
from tests.mutation.folder import Folder
from tests.mutation.independent import INDEPENDENT, LISTED
from tests.mutation.independent.first import first
from tests.mutation.independent.section import TITLE, TRADES, section, spliced
from tests.mutation.page import PAGE
from tests.mutation.running import UNSEEN, make
from tests.mutation.verdict import Verdict

FOLDERS = (ROOT / "flows", UNSEEN, TRADES)


def test_every_row_of_the_list_is_made_and_says_why_people_do_it() -> None:
    assert [one.name for one in LISTED if one.name not in INDEPENDENT] == []
    assert len({one.name for one in LISTED}) == len(LISTED) >= 30
    for one in LISTED:
        assert one.sentence.endswith("."), one.name
        assert one.why.endswith("."), one.name
        assert one.notices, one.name


def test_every_row_has_a_place_in_some_flow() -> None:
    made = {one.kind for root in FOLDERS for one in make(root, 1, INDEPENDENT)}
    assert set(INDEPENDENT) - made == set()


def test_mutant_is_yaml() -> None:
    for one in (mutant for root in FOLDERS for mutant in make(root, 2, INDEPENDENT)):
        _, report = yaml_reader.read(one.path, one.text.encode())
        assert not [found for found in report.diagnostics if found.code in ("SYN001", "SYN002")], str(one)


@pytest.mark.parametrize("path", sorted(TRADES.glob("*.test.yaml")), ids=lambda path: path.name.partition(".")[0])
def test_flow_of_another_trade_does_what_its_tests_say(path: object) -> None:
    tested = testing.run(path)  # type: ignore[arg-type]  # a path
    assert not tested.diagnostics
    assert [one.case for one in tested.results if not one.passed] == []
    assert len(tested.results) >= 7


def test_flows_of_other_trades_are_long_enough_to_go_wrong() -> None:
    folder = Folder(TRADES)
    graphs = [folder.graph(flow, folder.calendars(flow)) for flow in folder.flows]
    assert len(graphs) == 4
    assert all(graph is not None and len(graph.steps) >= 40 for graph in graphs)


def test_first_figure_is_the_pages() -> None:
    assert 0 < first().made < sum(first(folder).made for folder in ("flows/", "unseen", "other trades")) + 1
    assert f"| {first().share} |" in PAGE.read_text(encoding="utf-8").partition(TITLE)[2]


def test_section_takes_the_place_of_the_one_before_and_leaves_the_rest() -> None:
    page = f"# Page\n\n{TITLE}\n\nOld.\n\n## Next\n\nStays.\n"
    again = spliced(page, [TITLE, "", "New."])
    assert again == f"# Page\n\n{TITLE}\n\nNew.\n\n## Next\n\nStays.\n"


def test_section_tells_of_a_miss_and_why() -> None:
    mutant = next(one for one in make(TRADES, 1, INDEPENDENT) if one.kind == "two_uses_exchanged")
    lines = section({"other trades": [Verdict(mutant=mutant, by="nobody")]})
    assert any(line.startswith("- `two_uses_exchanged` (1): Both are addresses") for line in lines)
    assert any(line.startswith("| `two_uses_exchanged` | 1 | 0 | 0 | 0 | 1 | 0 % |") for line in lines)
