"""Does the space answer, and take our token? Commands tell; while there are none, it is asked: first of all, and then
now and then."""

import logging

import anyio

from engine.calling.client import CallingClient

log = logging.getLogger("offhook.runner")
_TICK_S = 5.0
_QUIET_S = 60.0
"""Asked after so long without an answer; every `_TICK_S` once it does not answer."""
_WHAT_TO_DO = {
    "does not answer": "are its name and the way to it right? Commands are tried on",
    "refuses the API token": "are SIGNALWIRE_PROJECT_ID and SIGNALWIRE_API_TOKEN this space's, and was the token withdrawn?"
    " No command is carried out",
}


class Reach:
    def __init__(self, client: CallingClient) -> None:
        self._client = client
        self._told = ""

    async def run(self) -> None:
        """Until cancelled."""
        heard, quiet_s = 0, _QUIET_S
        while True:
            if quiet_s >= _QUIET_S or self._client.trouble:
                quiet_s = 0.0
                await self._client.probe()
            heard = self._client.replies
            self._tell(self._client.trouble)
            await anyio.sleep(_TICK_S)
            quiet_s = 0.0 if heard != self._client.replies else quiet_s + _TICK_S

    def _tell(self, trouble: str) -> None:
        if trouble != self._told:
            if trouble:
                log.error("the space %s: %s", trouble, _WHAT_TO_DO[trouble])
            else:
                log.info("the space answers again")
        self._told = trouble
