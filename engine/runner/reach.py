"""Does the space answer? Commands tell; while there are none, it is asked now and then."""

import logging

import anyio

from engine.calling.client import CallingClient

log = logging.getLogger("offhook.runner")
_TICK_S = 5.0
_QUIET_S = 60.0
"""Asked after so long without an answer; every `_TICK_S` once it does not answer."""


class Reach:
    def __init__(self, client: CallingClient) -> None:
        self._client = client
        self._told = True

    async def run(self) -> None:
        """Until cancelled."""
        heard, quiet_s = -1, 0.0
        while True:
            await anyio.sleep(_TICK_S)
            quiet_s = 0.0 if heard != self._client.replies else quiet_s + _TICK_S
            if quiet_s >= _QUIET_S or not self._client.reachable:
                quiet_s = 0.0
                await self._client.probe()
            heard = self._client.replies
            self._tell(self._client.reachable)

    def _tell(self, reachable: bool) -> None:
        if reachable != self._told and reachable:
            log.info("the space answers again")
        elif reachable != self._told:
            log.error("the space does not answer: are its name and the way to it right? Commands are tried on")
        self._told = reachable
