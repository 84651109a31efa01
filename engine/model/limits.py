"""Every bound of the engine, in one place, with its unit and its reason."""

MAX_FILE_BYTES = 1_000_000
"""A flow file: 50,000 lines of flow are still below it."""
MAX_YAML_DEPTH = 64
MAX_YAML_NODES = 200_000
MAX_WEBHOOK_BYTES = 1_000_000
"""A request's body. The longest known is the transcript of a long call."""
MAX_REPORT_BYTES = 65_536
"""A webhook's body, where it brings no transcript; the largest known is a spoken result with a few thousand characters."""
LONG_REPORTS = frozenset({"transcribe"})
"""Verbs whose report may be a whole call's text."""
MAX_REPLY_BYTES = 1_000_000
"""A reply to a fetch whose body is kept, packed or unpacked."""
MAX_STATE_BYTES = 64_000
"""A run's encoded state; past it the step that grew it ends with `error`, code `state-too-large`."""

DEFAULT_CALL_MS = 3_600_000
DEFAULT_STEPS = 500
DEFAULT_VISITS = 20
LANDING_GRACE_MS = 60_000
"""What a limit's landing step and all after it may take, and the hangup handler and all after it."""

FINALLY_MS = 60_000
"""What the steps of `finally` may take together."""
MAX_BACKOFF_MS = 60_000
"""Longest pause between two attempts of a fetch."""
FETCH_SLACK_MS = 5_000
"""How much later than its timeout a fetch is given up, if its shell says nothing."""

SLACK_MS = 15_000
"""Added to every derived deadline: webhooks are late before they are lost."""
ACCEPT_MS = 45_000
"""How long a command may go without answer and without event before it is looked up.
Longer than all retries of the client together."""
NOT_AFTER_MS = 30_000
"""A prompt is not started later than this after the moment it was meant for."""
LOOKUP_MS = 20_000
LINGER_MS = 2_000
"""How long a detection that is said to be finished may take to say what it found: the two webhooks leave
together, and either may come first."""
SETTLE_MS = 10_000
"""How long a recording may take to report after a hang-up."""
PRESENCE_MS = 30_000
UNARMED_COLLECT_MS = 600_000
"""A collect whose timers were not started never ends by itself; it is looked up after this."""
AUDIO_MS = 600_000
"""Assumed longest duration of an audio file whose length nobody knows."""
TTS_MS_PER_CHARACTER = 125
"""Slow speech: eight characters a second."""
MAX_UNREAD = 50
"""Results of a continuous collect that wait to be taken; older ones are dropped."""
MAX_UNREAD_BYTES = 16_000
"""What they may take of the state together; of one that is larger alone, the latest is kept."""
MAX_SPOKEN = 2_000
"""Characters of an utterance that is compared with phrases or a regular expression; a longer one matches none."""
MAX_KEPT = 4_000
"""Characters that are kept of a text in a report or of a call's numbers; more than are compared."""
MAX_HEADERS_BYTES = 8_000
"""What is kept of a call's SIP headers, the first ones."""
MAX_GIVEN_BYTES = 16_000
"""A signal's payload, or the inputs of a run; more is refused."""

MAX_TOKEN = 8_192
"""Characters of a token in a URL. One of ours is 60 long, and as much longer as its step has a long name."""
REPLAY_MS = 600_000
"""A webhook that says it is older than this is refused. Far longer than any that is late."""
EXPIRY_MS = 3_600_000
"""How long after its run's end, or after its first report too late, an operation's URL is still good. A recording or
a transcript may take long to be ready."""
MAX_LATE = 20
"""Reports that are kept of an operation that is over; one webhook doubled a few times is below it."""
MAX_REPORTS, MAX_REPORTS_BYTES = 500, 1_000_000
"""Webhooks that one operation may bring. One that is paused, resumed and doubled all the time has some dozens."""
MAX_HEARD, MAX_HEARD_BYTES = 20_000, 16_000_000
"""The same of an operation that goes on telling what is said: five partial results a second, of 800 bytes each, for an hour."""
MAX_EVENTS = 100_000
"""Webhooks of a run are refused past so many events: whoever has got hold of a URL does not fill the disk."""
