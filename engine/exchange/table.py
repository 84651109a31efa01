"""Every command of the API, by name."""

from collections.abc import Mapping

from engine.exchange.command import Command
from engine.exchange.families import ai, call, collect, detect, live_speech, play, record, refer, services, sidecar

COMMANDS: Mapping[str, Command] = {
    command.name: command
    for family in (call, play, record, collect, detect, services, live_speech, ai, sidecar, refer)
    for command in family.COMMANDS
}
