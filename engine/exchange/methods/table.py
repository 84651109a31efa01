"""Every method that is interpreted, by name."""

from collections.abc import Mapping

from engine.exchange.methods import beside, branching, connect, enter_queue, jumps, line, pay, prompt, sound, variables
from engine.exchange.methods.method import Method

METHODS: Mapping[str, Method] = {
    **line.METHODS,
    **sound.METHODS,
    **variables.METHODS,
    **branching.METHODS,
    **jumps.METHODS,
    **connect.METHODS,
    **enter_queue.METHODS,
    **pay.METHODS,
    **prompt.METHODS,
    **beside.METHODS,
}
