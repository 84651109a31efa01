"""L4: the live process: one event at a time per run, journalled before anything is sent.

serve.py         from start to a graceful end; stage.py with a sandbox, in one process

An event, and what comes of it:

intake.py        requests of the HTTP side as events of runs
beginning.py     how runs begin; outbound.py those that somebody asks for (requested.py, hours.py)
supervisor.py    all runs: events in, one at a time per run; live.py is one of them, runs.py where they rest
batches.py       events and states to the journal, those of many runs in one transaction
outboxes.py      the commands that are durable, to sending.py (leaving.py, addresses.py) and fetches.py (known_hosts.py)
alarms.py        timers; clock.py is where time comes from, timekeeping.py tells when the machine's is set
rest.py          where a task waits until there is something to do

The folder of flows, and the environment:

reading.py       from a folder to library.py; versions.py says which version a call gets
watching.py      new versions while it serves; reloading.py a new environment (current.py, guarding.py)
check.py         all that can be said without starting

A process that is gone, and days that are hard:

recovery.py      taking over its runs
capacity.py      too much to do; budget.py, expiry.py what one operation's webhooks may be
reach.py         does the space answer? learnt.py: does it sign?
retention.py     what is deleted; placed.py: is the journal still where it was?
meters.py        what is counted; measured.py as metrics, spans.py as traces
"""
