"""How the archive is, counted no more often than it needs to be."""

from typing import Any

from alerts.stage import RulesStage
from monitor.stages import stages
from storage.status import status
from web.room import Room

KEPT_S = 15
"""Counting everything takes seconds where there are millions of rows; no more often than this."""


def status_of(room: Room) -> dict[str, Any]:
    """What `decreewatch status --json` shows, at most `KEPT_S` seconds old."""

    def count() -> dict[str, Any]:
        return status(room.archive, [*stages(room.config), RulesStage(room.config)])

    return room.counted.get(int(room.now().timestamp() // KEPT_S), count)
