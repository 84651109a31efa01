"""Proposes the cases of a flow: few calls that take every way out of every step.

samples.py    what is tried in a call
seeking.py    looks for the ways out, by what a call may come to
authored.py   what the flow's own tests take
choosing.py   chooses few calls among what was found,
playing.py    a way as the call of a case, as short as it can be
rounds.py     what is led to by going round too often
spoiling.py   what only a fault leads to
naming.py     what they are called
proposal.py   all of it, and as the text of a test file
"""

from engine.simulate.generate.authored import Authored
from engine.simulate.generate.proposal import Missing, Proposal, propose, text

__all__ = ["Authored", "Missing", "Proposal", "propose", "text"]
