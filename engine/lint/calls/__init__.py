"""What may be so of a call on the way to each step: one forward analysis, which the rules about ways ask.

facts.py      the facts, a bit each
effects.py    what each verb does to them
operations.py what goes on: in the background, or until it is switched off
leaving.py    what a flow that is called leaves on
trust.py      what a caller has entered, and nobody has looked at
state.py      the answers, with the shortest way of a caller who gets there
speech.py     what compiled steps say
topics.py     words that speak of recordings and of secrets
"""

from engine.lint.calls.facts import Kind
from engine.lint.calls.state import Calls

__all__ = ["Calls", "Kind"]
