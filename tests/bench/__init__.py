"""What a round costs: `python -m tests.bench` (docs/performance.md says what each figure means).

load.py       the platform's side: answers commands, sends webhooks, counts
lines.py      HTTP/1.1 as lean as it gets, so that the load side is not what is measured
subjects.py   the processes that are measured: the runner, and what it is compared with
floor_app.py  the same server and outgoing transport with nothing between
sdk_app.py    what one would write instead, over the vendor's SDK
mirror.py     the least that can answer a webhook with a command: shows how far the load side goes
machine.py    CPU time, memory, disk, versions
pure.py       the interpreter alone, without a process around it
"""
