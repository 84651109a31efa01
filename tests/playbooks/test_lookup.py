"""A PIN that a service judges: wrong ones lead back to the question until its visits are used up."""

from tests.playbooks.playbook import Playbook, call

FLOW = """
uses: {api: url}
start: pin
steps:
  pin:
    visits: {max: 3, next: agent}
    ask: {prompt: "Enter your PIN.", digits: {max: 4}, accept: '^[0-9]{4}$'}
    next: {digits: lookup, otherwise: agent}
  lookup:
    fetch:
      method: POST
      url: "${{ uses.api }}/pin"
      json: {pin: "${{ steps.pin.value }}"}
      returns: {balance: double}
    next: {ok: tell, http_404: pin, otherwise: agent}
  tell: {play: "Your balance is ${{ steps.lookup.body.balance }}.", next: bye}
  agent: {play: "I will put you through.", next: bye}
  bye: {end: hangup}
"""
URL = "https://api.example.com/pin"


def answered(p: Playbook, pin: str, status: int) -> Playbook:
    """The caller enters a PIN as soon as it is asked for, and the service judges it."""
    p.asks("Enter your PIN.")
    p.report("pin", "collect", "digit", digits=pin).sent("calling.play.stop")
    return p.fetches(URL, json={"pin": pin}).replied(status, {"balance": 9.5} if status == 200 else None)


def test_three_wrong_pins_land_where_visits_says() -> None:
    p = call(FLOW, uses={"api": "https://api.example.com"})
    for pin in ("1111", "2222", "3333"):
        answered(p, pin, 404)
    p.says("I will put you through.").accepted()
    assert p.visits("pin") == 3


def test_right_pin_after_two_wrong_ones_is_heard() -> None:
    p = call(FLOW, uses={"api": "https://api.example.com"})
    answered(p, "1111", 404)
    answered(p, "2222", 404)
    answered(p, "3333", 200)
    p.says("Your balance is 9.5.").accepted()
