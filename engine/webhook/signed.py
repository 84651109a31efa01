"""Is a request the platform's? By the signature that it bears, or should bear."""

import logging

from engine.model.ids import ControlId, op_of, verb_of
from engine.serving.shortcut import Scope
from engine.webhook.keys import Keys
from engine.wire import signature
from engine.wire.signature import Demand

log = logging.getLogger("offhook.webhook")


class Signed:
    """`public_url` is the URL under which the platform knows this runner; signatures cover it. `demand` is of which webhooks
    a signature is demanded: whether the platform signs them all, its own pages disagree, so by default it is taken at what
    it does. A kind of them (the verb that reports) of which one came with a right signature has to have one from then on,
    as long as this process lives."""

    def __init__(self, keys: Keys, public_url: str, demand: Demand) -> None:
        self._keys = keys
        self._public_url = public_url.rstrip("/")
        self._demand = demand
        self._known: dict[str, bool] = {}
        """By kind: do they have to be signed?"""

    def problem(self, scope: Scope, body: bytes, control_id: ControlId) -> str:
        """What is wrong with a webhook's signature, or that there is none; empty where nothing is."""
        if not self._keys.signing_keys:
            return ""
        verdict, kind = self._verdict(scope, body), verb_of(op_of(control_id))
        if verdict == "valid":
            self._is_signed(kind)
            return ""
        if verdict == "invalid":
            return "wrong signature"
        return "" if self._may_be_unsigned(kind) else "no signature"

    def proven(self, scope: Scope, body: bytes) -> bool:
        """There is one, and it is right. Without a key nothing can be proven."""
        return bool(self._keys.signing_keys) and self._verdict(scope, body) == "valid"

    def _is_signed(self, kind: str) -> None:
        if self._known.get(kind) is False and self._demand == "once_signed":
            log.warning("webhooks of `%s` are signed after all: from now on none without a signature is taken", kind)
        self._known[kind] = True

    def _may_be_unsigned(self, kind: str) -> bool:
        if self._demand != "once_signed":
            return self._demand == "any"
        if kind not in self._known:
            self._known[kind] = False
            log.warning(
                "webhooks of `%s` come without a signature, and are taken: the secret in their URL is all that proves them",
                kind,
            )
        return not self._known[kind]

    def _verdict(self, scope: Scope, body: bytes) -> signature.Verdict:
        """Valid by any of the keys; all of them are tried."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        query = scope.get("query_string", b"").decode("latin-1")
        url = self._public_url + scope["path"] + (f"?{query}" if query else "")
        verdicts = [signature.verify(headers, key, url, body) for key in self._keys.signing_keys]
        return "valid" if "valid" in verdicts else verdicts[0]
