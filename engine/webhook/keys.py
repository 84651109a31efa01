"""Who may ask for what: the keys and tokens of the HTTP side. A new configuration replaces them while it serves."""

import hmac

from starlette.requests import Request


class Keys:
    """Each is empty when it is not set. Of each there may be several, with blanks or line ends between them, so that one can
    be replaced by another without a gap; `metrics_token` opens `/metrics` alone."""

    def __init__(self, signing_key: str = "", api_token: str = "", metrics_token: str = "") -> None:
        self.replace(signing_key, api_token, metrics_token)

    def replace(self, signing_key: str, api_token: str, metrics_token: str) -> None:
        self.signing_keys = tuple(signing_key.split())
        self._api = tuple(api_token.split())
        self._metrics = tuple(metrics_token.split())

    @property
    def has_api_token(self) -> bool:
        return bool(self._api)

    def open_api(self, request: Request) -> bool:
        return _is_one_of(request, self._api)

    def open_metrics(self, request: Request) -> bool:
        return _is_one_of(request, (*self._metrics, *self._api))


def _is_one_of(request: Request, tokens: tuple[str, ...]) -> bool:
    """In the same time whichever of them it is like."""
    given = request.headers.get("authorization", "").encode()
    return sum(hmac.compare_digest(given, f"Bearer {token}".encode()) for token in tokens) > 0
