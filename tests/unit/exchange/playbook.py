"""A playbook: inputs in, reactions out, and the state written and read back between any two."""

from typing import Any, TypeVar

from engine.exchange.apply import Reaction, apply, new_exchange, next_due_ms
from engine.exchange.caller import Decides, HangsUp, Line, Presses, Says
from engine.exchange.decisions import About, Verdict
from engine.exchange.effects import AnyEffect, Deliver, FetchSwml, Heard, HttpAnswer, Progressed
from engine.exchange.inputs import AnyInput, ApiRequest, CalleeSet, CallerActed, CallPlaced, SwmlAnswered, TimePassed
from engine.exchange.options import ExchangeOptions
from engine.exchange.state import Call, ExchangeState, decode_input, decode_state, encode

PARKED: dict[str, Any] = {
    "version": "1.0.0",
    "sections": {"main": [{"answer": {}}, {"sleep": {"duration": -1}}]},
}
NUMBER = "+15550001"
T = TypeVar("T", bound=AnyEffect)
HOOK = "https://flows.test/hook"


class Playbook:
    """An exchange on a clock that only moves when told; `effects` are those of the last input."""

    def __init__(self, **options: Any) -> None:
        numbers = options.pop("numbers", {NUMBER: "https://flows.test/swml"})
        options.setdefault("follow", "all")
        self.state: ExchangeState = new_exchange(options=ExchangeOptions(numbers=numbers, **options), now_ms=0)
        self.effects: tuple[AnyEffect, ...] = ()
        self.all_effects: list[AnyEffect] = []
        self.now_ms = 0
        self.call_id = ""

    def give(self, given: AnyInput) -> HttpAnswer | None:
        given = decode_input(encode(given))
        reaction: Reaction = apply(self.state, given)
        again = apply(decode_state(encode(self.state)), given)
        assert encode(again.state) == encode(reaction.state)
        assert again.effects == reaction.effects
        self.state = decode_state(encode(reaction.state))
        assert encode(self.state) == encode(reaction.state)
        self.effects = reaction.effects
        self.all_effects.extend(reaction.effects)
        return reaction.answer

    def parked(self, *script: Line, **more: Any) -> "Playbook":
        """An inbound call that our SWML has answered and parked."""
        placed = CallPlaced(at_ms=self.now_ms, to=NUMBER, from_="+15559999", script=script, **more)
        self.give(placed)
        fetch = self.of(FetchSwml)[0]
        self.call_id = fetch.call_id
        self.give(SwmlAnswered(at_ms=self.now_ms, call_id=self.call_id, fetch=fetch.fetch, document=PARKED))
        return self

    def post(self, command: str, **params: Any) -> HttpAnswer:
        """An API request; `params` as on the wire, the id is the playbook's call."""
        body: dict[str, Any] = {"command": command, "params": params}
        if command not in ("dial", "update"):
            body["id"] = self.call_id
        answer = self.give(ApiRequest(at_ms=self.now_ms, body=body))
        assert answer is not None
        return answer

    def dial(self, number: str = "+15557777", **params: Any) -> HttpAnswer:
        """Dial with the parking document and all states reported; the call is the playbook's from then on."""
        given: dict[str, Any] = {
            "from": NUMBER,
            "to": number,
            "swml": PARKED,
            "status_url": HOOK,
            "status_events": ["created", "ringing", "answered", "ended"],
            **params,
        }
        answer = self.post("dial", **given)
        self.call_id = str(answer.body.get("id", ""))
        return answer

    def set_callee(self, number: str, **facts: Any) -> "Playbook":
        self.give(CalleeSet(at_ms=self.now_ms, number=number, **facts))
        return self

    def redirect(self, *methods: Any) -> HttpAnswer:
        """Hand the call to SWML of these methods."""
        return self.post("update", id=self.call_id, swml={"sections": {"main": list(methods)}})

    def detect(self, kind: str = "machine", control_id: str = "d", **more: Any) -> HttpAnswer:
        timeout = {"timeout": more.pop("timeout")} if "timeout" in more else {}
        detect = {"type": kind, "params": more}
        return self.post("calling.detect", control_id=control_id, detect=detect, status_url=HOOK, **timeout)

    def say(self, text: str, control_id: str = "p", **params: Any) -> HttpAnswer:
        items = [{"type": "tts", "params": {"text": text}}]
        return self.post("calling.play", control_id=control_id, play=items, status_url=HOOK, **params)

    def collect(self, control_id: str = "c", **params: Any) -> HttpAnswer:
        return self.post("calling.collect", control_id=control_id, status_url=HOOK, **params)

    def record(self, control_id: str = "r", **audio: Any) -> HttpAnswer:
        return self.post("calling.record", control_id=control_id, record={"audio": audio}, status_url=HOOK)

    def presses(self, digits: str) -> None:
        self.give(CallerActed(at_ms=self.now_ms, call_id=self.call_id, action=Presses(digits=digits)))

    def says(self, text: str, **more: Any) -> None:
        self.give(CallerActed(at_ms=self.now_ms, call_id=self.call_id, action=Says(text=text, **more)))

    def decides(self, about: About, word: str, **more: Any) -> None:
        verdict = Verdict(word=word, **more)
        did = Decides(about=about, verdict=verdict)
        self.give(CallerActed(at_ms=self.now_ms, call_id=self.call_id, action=did))

    def hangs_up(self) -> None:
        self.give(CallerActed(at_ms=self.now_ms, call_id=self.call_id, action=HangsUp()))

    def wait(self, ms: int) -> None:
        self.now_ms += ms
        self.give(TimePassed(at_ms=self.now_ms))

    def run(self, *, steps: int = 100) -> None:
        """Let time go on from one due moment to the next until nothing happens by itself."""
        for _ in range(steps):
            due_ms = next_due_ms(self.state)
            if due_ms is None:
                return
            self.wait(due_ms - self.now_ms)
        raise AssertionError("the exchange does not come to rest")

    def of(self, kind: type[T]) -> list[T]:
        return [effect for effect in self.effects if isinstance(effect, kind)]

    @property
    def call(self) -> Call:
        return self.state.calls[self.call_id]

    @property
    def asked_back(self) -> dict[str, Any]:
        """The body of the last request for SWML."""
        return [effect.body for effect in self.all_effects if isinstance(effect, FetchSwml)][-1]

    @property
    def hooks(self) -> list[str]:
        """The kinds of the webhooks that the last input sent."""
        return [effect.kind for effect in self.of(Deliver)]

    @property
    def all_hooks(self) -> list[str]:
        return [effect.kind for effect in self.all_effects if isinstance(effect, Deliver)]

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [effect.body for effect in self.of(Deliver)]

    @property
    def heard(self) -> list[str]:
        """Everything heard so far on any call."""
        return [effect.text for effect in self.all_effects if isinstance(effect, Heard)]

    @property
    def progress(self) -> list[str]:
        return [effect.what for effect in self.all_effects if isinstance(effect, Progressed)]


def code(answer: HttpAnswer) -> str:
    """The first error's code."""
    return str(answer.body["errors"][0]["code"])


def marks(book: Playbook, family: str) -> list[str]:
    """The words of a family's webhooks so far: `marks(book, "detect")` of `detect.HUMAN` is `HUMAN`."""
    return [kind.removeprefix(f"{family}.") for kind in book.all_hooks if kind.startswith(f"{family}.")]


def logged(book: Playbook) -> list[str]:
    """The names of the voice log's events of the playbook's call."""
    return [entry.name for entry in book.call.log]
