"""A flow that is called is compiled once for all of its callers, and anew when anything that it is made of differs."""

from engine.compile import Compiled, Shelf, compile_bundle
from engine.model.bundle import Bundle

CALLER = """\
flow: {name}
language: 1
start: ask
steps:
  ask: {{subflow: {{flow: pin}}, next: {{done: bye}}}}
  bye: {{end: hangup}}
"""
PIN = """\
flow: pin
language: 1
start: say
steps:
  say: {play: "Hello.", next: back}
  back: {return: done}
"""
AWAY = """\
flow: pin
language: 1
start: away
steps:
  away: {excursion: {swml: desk.yaml, deadline: 1m}, next: back}
  back: {return: done}
"""
DESK = "sections: {main: [{play: {url: 'say:One'}}]}\n"


def compiled(shelf: Shelf, name: str, pin: str = PIN, **more: str) -> Compiled:
    files = {f"{name}.flow.yaml": CALLER.format(name=name), "lib/pin.flow.yaml": pin, **more}
    return compile_bundle(Bundle(name, {path: text.encode() for path, text in files.items()}), shelf=shelf)


def called(done: Compiled) -> object:
    assert done.graph is not None, done.diagnostics
    return done.graph.subflows["pin"]


def test_two_callers_get_the_same_graph() -> None:
    shelf = Shelf()
    assert called(compiled(shelf, "one")) is called(compiled(shelf, "two"))


def test_called_flow_that_has_changed_is_compiled_anew() -> None:
    shelf = Shelf()
    before = called(compiled(shelf, "one"))
    assert called(compiled(shelf, "one", PIN.replace("Hello", "Good day"))) is not before


def test_swml_of_the_called_flow_is_a_part_of_it_and_that_of_others_is_not() -> None:
    shelf = Shelf()
    path = "swml/desk.yaml"
    before = called(compiled(shelf, "one", AWAY, **{path: DESK}))
    assert called(compiled(shelf, "two", AWAY, **{path: DESK, "swml/other.yaml": DESK})) is before
    assert called(compiled(shelf, "one", AWAY, **{path: DESK.replace("One", "Two")})) is not before


def test_zone_that_is_not_there_is_missed_for_each_caller_alike() -> None:
    shelf = Shelf()
    pin = PIN.replace('"Hello."', "\"${{ say_time(now, 'Europe/Paris', 'en') }}\"")
    first, second = (compiled(shelf, name, pin).diagnostics for name in ("one", "two"))
    assert [one.code for one in first] == [one.code for one in second]
    assert first


def test_mistake_of_a_called_flow_is_told_to_every_caller() -> None:
    shelf = Shelf()
    for name in ("one", "two", "one"):
        found = compiled(shelf, name, PIN.replace("next: back", "next: bak")).diagnostics
        assert [(one.file, one.code) for one in found] == [
            (f"{name}.flow.yaml", "FLW017"),
            ("lib/pin.flow.yaml", "FLW001"),
        ]


def test_flow_that_calls_itself_by_way_of_another_ends() -> None:
    shelf = Shelf()
    pin = PIN.replace('play: "Hello."', "subflow: {flow: pun}").replace("next: back", "next: {done: back}")
    pun = pin.replace("flow: pin", "flow: PIN").replace("flow: pun", "flow: pin").replace("flow: PIN", "flow: pun")
    for name in ("one", "two"):
        found = compiled(shelf, name, pin, **{"lib/pun.flow.yaml": pun}).diagnostics
        assert "FLW010" in {one.code for one in found}


def test_old_graphs_make_room_for_new_ones() -> None:
    shelf = Shelf()
    first = called(compiled(shelf, "one"))
    for number in range(70):
        compiled(shelf, "one", PIN.replace("Hello", f"Hello {number}"))
    assert called(compiled(shelf, "one")) is not first
