"""L1: the interpreter, a pure function. What happens comes in as an event, what is to be done goes out as a command.

advance.py     the two entries, and which function takes which event
admit.py       may this report change anything? (a table)
turn.py        the run taken apart while one event works on it
position.py    outcomes and what comes next, handlers, limits; entering.py the steps that are entered
calls.py       how a run begins, and what the call's state means
operations.py  play, collect, record: start, report, stop, over; notice.py who hears of it
answers.py     HTTP answers to commands; carried_out.py what was done whatever they said
judging.py     what an answer to an `ask` means; silencing.py who may not hear a secret one
lookups.py     asking the voice log how the call stands
findings.py    deadlines that passed, and what the voice log says then
ending.py      hang-ups, settling recordings, `finally`, the end of a frame and of the run
signals.py     what others tell a run; interrupting.py what it interrupts
resume.py      after a crash: what may be sent again
timers.py      time
deadlines.py   how long a command may take at the most
keeping.py     what a run keeps of steps that are over; room.py how much
guard.py       a fault of ours stays in its run
misfits.py     a state that is not one of its flow's
steps/         one file for each verb with behaviour of its own

What newcomers ask, and where the answer stands:

a digit comes during a prompt      steps/ask.py (the table), steps/operation.py (`until`)
it comes when the collect is over  admit.py (the table): late, and nothing changes
where time comes from              `Turn.now_ms`, the event's; timers.py lists the timers
the process dies before it sends   resume.py: by the command's repeat class
a hang-up that nobody reports      lookups.py (the list), and `Turn._watch_presence`
what comes next                    position.py: `finish`
"""

from engine.interpret.advance import advance, start
from engine.interpret.guard import guarded

__all__ = ["advance", "guarded", "start"]
