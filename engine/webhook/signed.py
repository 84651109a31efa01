"""Is a request the platform's? By the signature that it bears, or should bear."""

import logging
from collections.abc import Callable

from engine.model.ids import ControlId, op_of, verb_of
from engine.serving.shortcut import Scope
from engine.webhook.keys import Keys
from engine.wire import signature
from engine.wire.signature import Demand

log = logging.getLogger("offhook.webhook")


class Signed:
    """`public_url` is the URL under which the platform knows this runner; signatures cover it. `demand` is of which webhooks
    a signature is demanded: whether the platform signs them, its own pages disagree, so by default it is taken at what
    it does. Once one came with a right signature, all have to have one: `known` says that it was so before this process,
    `learn` is called when it becomes so. (Requests for SWML teach nothing: they are signed in any case.)"""

    def __init__(
        self, keys: Keys, public_url: str, demand: Demand, known: bool = False, learn: Callable[[], None] = lambda: None
    ) -> None:
        self._keys = keys
        self._public_url = public_url.rstrip("/")
        self._demand = demand
        self._known = known
        self._learn = learn
        self._told: set[str] = set()
        """Verbs that reported without a signature."""

    def problem(self, scope: Scope, body: bytes, control_id: ControlId) -> str:
        """What is wrong with a webhook's signature, or that there is none; empty where nothing is."""
        if not self._keys.signing_keys:
            return ""
        verdict = self._verdict(scope, body)
        if verdict == "valid":
            self._are_signed()
            return ""
        if verdict == "invalid":
            return "wrong signature"
        return "" if self._may_be_unsigned(verb_of(op_of(control_id))) else "no signature"

    def proven(self, scope: Scope, body: bytes) -> bool:
        """There is one, and it is right. Without a key nothing can be proven."""
        return bool(self._keys.signing_keys) and self._verdict(scope, body) == "valid"

    def _are_signed(self) -> None:
        if self._known:
            return
        self._known = True
        self._learn()
        if self._told:
            log.warning("webhooks are signed after all: from now on none without a signature is taken")

    def _may_be_unsigned(self, verb: str) -> bool:
        if self._demand != "once_signed":
            return self._demand == "any"
        if not self._known and verb not in self._told:
            self._told.add(verb)
            log.warning(
                "webhooks of `%s` come without a signature, and are taken: the secret in their URL is all that proves them",
                verb,
            )
        return not self._known

    def _verdict(self, scope: Scope, body: bytes) -> signature.Verdict:
        """Valid by any of the keys; all of them are tried."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        query = scope.get("query_string", b"").decode("latin-1")
        url = self._public_url + scope["path"] + (f"?{query}" if query else "")
        verdicts = [signature.verify(headers, key, url, body) for key in self._keys.signing_keys]
        return "valid" if "valid" in verdicts else verdicts[0]
