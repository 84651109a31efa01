"""The hours in which a flow makes its calls: `outbound.hours`, as the environment binds it."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from msgspec import Struct

from engine.compile import compile_calendar, path_of
from engine.expr import next_open, zone_of, zones_in
from engine.model.bundle import Bundle
from engine.model.calendars import Calendar
from engine.model.graph import FlowGraph


class Hours(Struct, frozen=True):
    calendar: Calendar
    zone: tzinfo

    def opens(self, at: datetime) -> datetime | None:
        """The first moment from `at` on at which calls are made, `at` itself when they are now; None: not in two years."""
        try:
            return next_open(self.calendar, self.zone, at)
        except ValueError:
            return None

    def written(self, at: datetime) -> str:
        """On the clock of the calendar: `on 2026-11-23 at 09:00 (America/New_York)`."""
        return f"on {at.astimezone(self.zone):%Y-%m-%d at %H:%M} ({self.calendar.zone})"


def hours_of(graph: FlowGraph, bundle: Bundle, uses: Mapping[str, Any]) -> Hours | None:
    """None where calls are made at any time. The bundle has compiled, so its calendar is sound."""
    if graph.outbound is None or not graph.outbound.hours:
        return None
    name = uses[graph.outbound.hours]
    zones = zones_in(bundle.files)
    calendar = compile_calendar(name, bundle.files[path_of(name)], zones).calendar
    assert calendar is not None, name
    return Hours(calendar, zone_of(calendar.zone, zones[calendar.zone]))
