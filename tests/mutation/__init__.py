"""How much of what authors do wrong the linter finds: flows with one defect each, judged. docs/mutations.md is made here.

mutant.py      what a kind of defect is, and a mutant
kinds/         the kinds; each is a function over a file
document.py    a file to be made wrong, and edits of it
unseen/        flows that no rule was written for
scenarios.py   calls that drive a flow through its ways (moves.py: what can be done at a step; cases.py: its tests)
behaviour.py   what a call did, as seen from outside
folder.py      flows on disk with one file changed: graphs and findings
verdict.py     a mutant is found, missed, or does nothing else than the original
trying.py      what `offhook explore` and `offhook test` find of it
running.py     all of them, by several processes
tally.py       counted; table.py, page.py and beside.py written down; explained.py why some are missed
independent/   a second list of kinds, with flows of its own, by somebody who had not seen the rules; its part of the page
"""
