"""L2: runs seen from outside, and whole calls in virtual time. Pure, built on the interpreter.

call.py         one flow against the exchange, in memory
scenario.py     what is given to it
outcome.py      what came of it (ledger.py keeps it meanwhile)
sending.py      commands on their way, as the live client sends them (attempts.py)
addresses.py    webhooks and ways back
voice_logs.py   how a look-up is answered
requests.py     replies to fetches
agenda.py       what is still to come
transcript.py   a run's transcript, by replay
story.py        the same with what the person on the line hears and does
told.py         its lines as a person would tell them
laws.py         what holds of every call (refusals.py, idle.py)
limited.py      a flow whose limits are reached sooner
"""

from engine.simulate.call import simulate

__all__ = ["simulate"]
