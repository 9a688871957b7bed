"""Which instrument a document or a number stands for: a watched one's id, else its number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config import Instrument
from monitor.instruments import canonical, type_of
from monitor.lineage import belonging


@dataclass(frozen=True, slots=True)
class Identity:
    """What a document is a text of.

    `instrument` is a watched instrument's id, else a number such as 147/2024/NĐ-CP, which
    `number` is too where it is known. `name` is what a reader calls it. `draft` tells a text
    that binds nobody yet.
    """

    instrument: str
    number: str
    name: str
    draft: bool


class Identities:
    """The watched instruments, by their numbers."""

    def __init__(self, watched: Sequence[Instrument]) -> None:
        self._watched = tuple(watched)
        self._ids = {n: one for one in watched if (n := canonical(one.number))}

    def of_number(self, number: str) -> str:
        """The id of the watched instrument with this canonical number, else the number."""
        watched = self._ids.get(number)
        return watched.id if watched is not None else number

    def name(self, instrument: str) -> str:
        """The name of a watched instrument; of another its type and number."""
        named = next((one.name for one in self._watched if one.id == instrument), "")
        return named or " ".join(filter(None, ((type_of(instrument) or "").title(), instrument)))

    def called(self, instrument: str) -> str:
        """The name of an instrument with its number, where the name does not hold it."""
        name, number = self.name(instrument), self.number(instrument)
        return name if not number or number in name else f"{name} ({number})"

    def number(self, instrument: str) -> str:
        """The number of an instrument, "" for a watched one that has none yet."""
        known = next((one.number for one in self._watched if one.id == instrument), instrument)
        return canonical(known) or ""

    def of_document(
        self, url: str, title: str, fields: Mapping[str, Any], own_number: str
    ) -> list[Identity]:
        """What a portal's document is a text of; empty where neither it nor we can say.

        `own_number` is the number in the text's own head, used where the portal gives none.
        The predecessor of a watched instrument is known by its own number.
        """
        number = canonical(str(fields.get("number") or "")) or canonical(own_number) or ""
        found = [
            Identity(
                one.id, number or canonical(one.number) or "", one.name, place.stage == "draft"
            )
            for one in self._watched
            if (place := belonging(one, url, title, dict(fields))) and place.stage != "base"
        ]
        if found or not number:
            return found
        return [Identity(self.of_number(number), number, number, fields.get("stage") == "draft")]
