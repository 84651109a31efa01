"""The params of tap, stream and transcribe."""

from engine.exchange.command import CONTROL_ID, DIRECTION, STATUS_URL, TEXT
from engine.exchange.params import Field, Spec

_CODEC = Field(type="string", enum=("PCMA", "PCMU", "pcma", "pcmu", "OPUS", "opus"))
_RTP: Spec = {
    "addr": Field(type="string", required=True, form="public_ipv4"),
    "port": Field(type="integer", required=True, minimum=1, maximum=65_535),
    "codec": _CODEC,
    "ptime": Field(type="integer", minimum=10, maximum=120, multiple=10),
}
_WS: Spec = {"uri": Field(type="string", required=True, form="ws_url"), "codec": _CODEC}
_AUDIO: Spec = {"direction": Field(type="string", required=True, enum=DIRECTION.enum)}


def _params(spec: Spec) -> Spec:
    return {"params": Field(type="object", required=True, fields=spec)}


TAP: Spec = {
    "control_id": CONTROL_ID,
    "tap": Field(type="object", required=True, variants={"audio": _params(_AUDIO)}),
    "device": Field(type="object", required=True, variants={"rtp": _params(_RTP), "ws": _params(_WS)}),
    "status_url": STATUS_URL,
}
STREAM: Spec = {
    "control_id": CONTROL_ID,
    "url": Field(type="string", required=True, form="wss_url"),
    "name": TEXT,
    "codec": TEXT,
    "track": Field(type="string", enum=("inbound_track", "outbound_track", "both_tracks")),
    "authorization_bearer_token": TEXT,
    "custom_parameters": Field(type="object"),
    "status_url": STATUS_URL,
    "status_url_method": Field(type="string", enum=("GET", "POST")),
}
TRANSCRIBE: Spec = {"control_id": CONTROL_ID, "status_url": STATUS_URL}
