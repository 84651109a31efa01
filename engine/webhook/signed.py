"""Is a request the platform's? By the signature that it bears, where it bears one."""

from engine.serving.shortcut import Scope
from engine.webhook.keys import Keys
from engine.wire import signature


class Signed:
    """`public_url` is the URL under which the platform knows this runner; signatures cover it. `all_signed`: a webhook
    without one is refused as well."""

    def __init__(self, keys: Keys, public_url: str, all_signed: bool) -> None:
        self._keys = keys
        self._public_url = public_url.rstrip("/")
        self._all_signed = all_signed

    def not_forged(self, scope: Scope, body: bytes) -> bool:
        """A signature is checked where there is one; what cannot be guessed is the token."""
        if not self._keys.signing_key:
            return True
        verdict = self._verdict(scope, body)
        return verdict == "valid" or (verdict == "absent" and not self._all_signed)

    def proven(self, scope: Scope, body: bytes) -> bool:
        """There is one, and it is right. Without a key nothing can be proven."""
        return bool(self._keys.signing_key) and self._verdict(scope, body) == "valid"

    def _verdict(self, scope: Scope, body: bytes) -> signature.Verdict:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        query = scope.get("query_string", b"").decode("latin-1")
        url = self._public_url + scope["path"] + (f"?{query}" if query else "")
        return signature.verify(headers, self._keys.signing_key, url, body)
