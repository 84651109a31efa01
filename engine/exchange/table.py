"""Every command that this platform knows, by name."""

from collections.abc import Mapping

from engine.exchange.command import Command
from engine.exchange.families import call, collect, play, record

COMMANDS: Mapping[str, Command] = {
    command.name: command for command in (*call.COMMANDS, *play.COMMANDS, *record.COMMANDS, *collect.COMMANDS)
}
