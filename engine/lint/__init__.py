"""L2: what can be said against a flow. Takes bytes, gives findings; reads nothing itself.

finding.py    a finding, and the edits that would repair it
places.py     offsets, lines and columns; UTF-16 for editors
subject.py    a file as rules see it
rule.py       what a rule is
routes.py     which step leads to which; silence.py where nothing is heard
spoken.py     what a step says; recordings.py what it is recorded for
rules/        one rule a file; its docstring is its page
registry.py   all of them, and the pages of the compiler's codes (diagnosed/)
comments.py   `# offhook: ignore[CODE] reason`
ignoring.py   what such comments cover, and what is wrong with them
run.py        a file's findings
report.py     those of all files, as formats are given them
settings.py   what a project has chosen; baseline.py what it has put off
fixing.py     findings' edits, applied until nothing changes; repairs.py those for the compiler's messages
tried.py      which repairs are not offered, since the flow would have more mistakes with them
slips.py     keys in which one character is wrong
formats/      findings for programs: JSON, GitHub, SARIF, JUnit
"""
