"""The calling API as a pure state machine: `apply(state, input) -> Reaction`.

What the vendor publishes about the platform is modelled as it is written; what its documents
leave open is a field of `ExchangeOptions`, so both readings can be tested. There is no I/O and no
clock here: the sandbox puts HTTP around it, the tests and the explorer a virtual clock.

    inputs    what happens to the platform: a request, a caller's key, an answer with SWML, time
    effects   what it does: webhooks to deliver, SWML to fetch, what the caller hears
    families  one file per command family (play, record, collect, ...); `table.py` lists them
    methods   one file per family of SWML's methods; `swml.py` runs them, `javascript.py` reads their conditions
    params    the check of a command's params, whose specs stand with their families
    live      what is live on a call; `families/services.py` has the rows of what needs no code of its own
    faults    what goes wrong with webhooks and answers, as data
    limits    requests in a window, dialled calls per second
"""
