"""The search of a configured archive: with its model, its sources, and its readers' citations."""

from collections.abc import Callable
from datetime import datetime

from config import Config
from monitor.citations import Citation, find
from monitor.classifier import Classifiers, classifiers_of
from monitor.identities import Identities
from monitor.indexing import Indexer
from monitor.instruments import by_number
from storage.archive import Archive
from storage.search import Named, Searcher, Surroundings, open_searcher


def searcher_of(
    config: Config,
    archive: Archive,
    *,
    classifiers: Classifiers | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> Searcher:
    """A searcher of this archive; the model is loaded by the first question that needs it.

    `classifiers` shares the model of stages that run in the same process; `progress` is told
    while a model is prepared.
    """
    shared = classifiers or classifiers_of(config, progress=progress)
    indexer = Indexer(config, shared.embedder)
    return open_searcher(archive, indexer.encode, surroundings(config, model=indexer.model))


def surroundings(config: Config, *, model: Callable[[], str] | None = None) -> Surroundings:
    """What the search must know of a configuration."""
    identities = Identities(config.instruments)

    def named(query: str) -> list[Named]:
        """The instruments that a query names, by any citation or by a watched one's name."""
        today = datetime.now(config.zone).date()
        titled = [
            Named(one.id, identities.number(one.id), one.name, start, start + len(one.name))
            for one in config.instruments
            if (start := query.casefold().find(one.name.casefold())) >= 0
        ]
        cited = [_cited(one, identities) for one in find(query, language="vi", published=today)]
        return [*titled, *(one for one in cited if one.instrument or one.running[0])]

    return Surroundings(
        sides={source.id: source.kind for source in config.sources},
        zone=config.zone,
        named=named,
        alike={
            name: names
            for one in config.instruments
            if len(names := tuple(filter(None, (one.id, identities.number(one.id))))) > 1
            for name in names
        },
        called=lambda number: _known(number, identities),
        model=model,
    )


def _known(number: str, identities: Identities) -> Named:
    instrument = identities.of_number(number)
    return Named(instrument, identities.number(instrument), identities.called(instrument), 0, 0)


def _cited(one: Citation, identities: Identities) -> Named:
    """A citation of a query: its instrument, else the newest known one with its number."""
    running = (one.number or "", one.type or "") if one.instrument is None else ("", "")
    number = int(one.number) if one.number and one.number.isdecimal() else 0
    known = by_number(one.type or "", number)
    newest = max(known, key=lambda instrument: instrument.adopted).number if known else ""
    instrument = identities.of_number(one.instrument or newest)
    name = identities.called(instrument) if instrument else ""
    return Named(instrument, identities.number(instrument), name, one.start, one.end, running)
