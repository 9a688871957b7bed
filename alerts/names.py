"""What the configuration calls things: ids → names, numbers and dates for a reader."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, tzinfo

from config import Config


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id, the reader's zone, and where the archive's pages are served ("": nowhere for
    readers); an unknown id stands for itself."""

    topics: dict[str, str]
    sources: dict[str, str]
    instruments: dict[str, str]
    numbers: dict[str, str]
    zone: tzinfo
    address: str = ""

    @classmethod
    def of(cls, config: Config) -> "Names":
        """The names that a configuration declares."""
        return cls(
            topics={one.id: one.name for one in config.topics},
            sources={one.id: one.name for one in config.sources},
            instruments={one.id: one.name for one in config.instruments},
            numbers={one.number: one.id for one in config.instruments if one.number},
            zone=config.zone,
            address=config.web.address,
        )

    def topic(self, topic_id: str) -> str:
        """A topic's name."""
        return self.topics.get(topic_id, topic_id)

    def source(self, source_id: str) -> str:
        """A source's name."""
        return self.sources.get(source_id, source_id)

    def instrument(self, instrument_id: str) -> str:
        """A watched instrument's name."""
        return self.instruments.get(instrument_id, instrument_id)

    def instruments_cited(self, cited: Collection[str]) -> set[str]:
        """The watched instruments among cited ones, which are known by id or number."""
        return {self.numbers.get(one, one) for one in cited}

    def moment(self, at: datetime) -> str:
        """A time as the reader is shown it: "2031-06-04 09:30 +07"."""
        return at.astimezone(self.zone).strftime("%Y-%m-%d %H:%M %Z")
