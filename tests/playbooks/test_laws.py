"""What holds for every run, whatever comes in: nothing raises, no state is changed in place, and every run ends."""

import pytest
from hypothesis import given

from tests.playbooks.chaos import MOVES, Move, ends, plays
from tests.playbooks.machine import Machine, arrived, compiled, requested

EVERYTHING = """
inputs:
  name: {type: string}
vars:
  tries: 0
  note: {type: string}
limits: {call: 10m, steps: 40, visits: 6, next: landed}
start: menu
steps:
  menu:
    ask:
      prompt: "Press 1, 2 or 3, ${{ call.from }}."
      digits: {max: 2}
      speech: {}
      initial_timeout: 5
      choices:
        low: {keys: ["1"]}
        message: {keys: ["22"], phrases: [one]}
      reprompt:
        no_input: ["Again, ${{ inputs.name }}."]
        no_match: ["That was ${{ or(steps.result.digits, 'nothing') }}."]
      attempts: 2
    next: {low: listen, message: take, no_input: pause, no_match: count, expression: count}
  listen:
    collect: {digits: {max: 4}, initial_timeout: 5, start_input_timers: false, send_start_of_input: true}
    background: true
    next: prompt
  prompt:
    play: "Enter it."
    until: listen
    next: arm
  arm:
    collect.start_input_timers: listen
    next: result
  result:
    wait: {handle: listen, timeout: 20s}
    next: {digits: check, lost: recorded, otherwise: count}
  check:
    branch:
      - if: int(steps.result.digits) > 10
        next: recorded
      - else: menu
  recorded:
    record: {beep: true}
    background: true
    next: pause
  pause:
    wait: 40s
    next: stop_it
  stop_it:
    record.stop: recorded
    next: both
  both:
    wait: {all: [recorded, listen], timeout: 1m}
    next: menu
  take:
    record: {max_length: 20}
    deadline: 40s
    next: tell
  tell:
    play: "It is at ${{ or(steps.take.url, '') }}."
    next: leg
  leg:
    update: {status: completed, id: 0e9c80d7-a149-4917-892d-420043709f46}
    next: off
  off:
    redirect: {swml: desk.json}
  count:
    set: {tries: vars.tries + 1, note: "'tried'"}
    next: menu
  landed:
    play: "Sorry."
    next: bye
  bye:
    end: hangup
  gone:
    set: {note: "or(steps.take.url, 'none')"}
    next: rest
  rest:
    wait: 30s
    next: over
  over:
    end: done
handlers:
  error: landed
  lost: pause
  hangup: gone
"""
EVERY_OPERATION = """
inputs:
  name: {type: string}
limits: {call: 10m, steps: 60, visits: 5, next: landed}
start: who
steps:
  who:
    detect: {type: machine, timeout: 20}
    next: {human: copy, machine: leave, machine_ready: leave, unknown: again, timeout: again}
  again:
    detect: {type: machine, detect_message_end: false}
    background: true
    next: copy
  copy:
    tap: {tap: {type: audio, params: {direction: both}}, device: {type: ws, params: {uri: wss://m.example.com}}}
    next: {accepted: lines, rejected: lines}
  lines:
    transcribe: {}
    next: {accepted: keys, rejected: keys}
  keys:
    collect: {digits: {max: 1}, continuous: true}
    background: true
    next: music
  music:
    play: [{ringtone: us}]
    until: {keys: [digits, no_input]}
    deadline: 40s
    next: {finished: key, interrupted: key, lost: key}
  key:
    wait: {handle: keys, timeout: 30s}
    next: {digits: what, no_input: both, otherwise: invite}
  what:
    branch:
      - if: steps.key.digits == "1"
        next: key
      - else: quiet
  quiet:
    collect.stop: keys
    next: {accepted: both, rejected: both}
  both:
    wait: {all: [again, copy], timeout: 20s}
    next: stop
  stop:
    tap.stop: copy
    next: invite
  invite:
    dial: {from: "+15550100", to: "+15550142", url: "https://example.com/answered"}
    next: {accepted: give_up, rejected: question, lost: question}
  give_up:
    update: {id: "${{ steps.invite.call_id }}", status: canceled}
    next: {accepted: question, rejected: question}
  question:
    ai_sidecar.ask: {text: "${{ call.from }}?"}
    next: {accepted: hand_over, rejected: hand_over, lost: keys}
  hand_over:
    refer: {device: {type: sip, params: {to: "sip:desk@example.com"}}}
    next: {failed: own, rejected: leave, lost: who}
  own:
    update: {status: completed}
    next: {accepted: rest, rejected: who}
  leave:
    transfer: {dest: "sip:desk@example.com"}
    next: {rejected: who}
  landed: {end: busy}
  rest:
    wait: 30s
    next: over
  over: {end: done}
handlers: {error: landed, hangup: rest}
"""
FLOWS = pytest.mark.parametrize("flow", [EVERYTHING, EVERY_OPERATION], ids=["everything", "every operation"])


@FLOWS
@given(MOVES)
def test_inbound_run_after_anything_ends(flow: str, moves: list[Move]) -> None:
    machine = Machine(compiled(flow), arrived())
    plays(machine, moves)
    ends(machine)
    machine.replay()


@FLOWS
@given(MOVES)
def test_outbound_run_after_anything_ends(flow: str, moves: list[Move]) -> None:
    machine = Machine(compiled(flow), requested(name="Ann"))
    plays(machine, moves)
    ends(machine)
    machine.replay()
