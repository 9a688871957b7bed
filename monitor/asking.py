"""The search of a configured archive: with its model, its sources, and its readers' citations."""

from collections.abc import Callable, Sequence

from config import Config
from monitor.citations import find
from monitor.classifier import Classifiers, classifiers_of
from monitor.identities import Identities
from monitor.indexing import Indexer
from storage.archive import Archive
from storage.search import Named, Searcher, Surroundings, open_searcher


def searcher_of(
    config: Config, archive: Archive, *, classifiers: Classifiers | None = None
) -> Searcher:
    """A searcher of this archive; the model is loaded by the first question that needs it.

    `classifiers` shares the model of stages that run in the same process.
    """
    shared = classifiers or classifiers_of(config)
    indexer = Indexer(config, shared.embedder)
    return open_searcher(archive, indexer.encode, surroundings(config, model=indexer.model))


def surroundings(config: Config, *, model: Callable[[], str] | None = None) -> Surroundings:
    """What the search must know of a configuration."""
    identities = Identities(config.instruments)

    def named(query: str) -> Sequence[Named]:
        cited = find(query, language="vi")
        found = [(one, identities.of_number(one.instrument)) for one in cited if one.instrument]
        titled = [
            Named(known.id, identities.number(known.id), known.name, start, start + len(known.name))
            for known in config.instruments
            if (start := query.casefold().find(known.name.casefold())) >= 0
        ]
        return [
            *(
                Named(key, identities.number(key), identities.called(key), one.start, one.end)
                for one, key in found
            ),
            *titled,
        ]

    return Surroundings(
        sides={source.id: source.kind for source in config.sources},
        zone=config.zone,
        named=named,
        model=model,
    )
