"""What the search must know of the configuration, which is not storage's."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from storage.search_request import Named


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the search must know of the configuration.

    Attributes:
        sides: the kind of each source: state, independent, international, official.
        zone: the reader's zone.
        named: which instruments a query names.
        alike: of the id and of the number of each watched instrument, both.
        called: what an instrument with a number is, and is called.
        model: what `encode` makes vectors by; those of another model are not compared.
    """

    sides: Mapping[str, str] = field(default_factory=dict)
    zone: tzinfo = UTC
    named: Callable[[str], Sequence[Named]] = lambda _: ()
    alike: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    called: Callable[[str], Named] = lambda number: Named(number, number, number, 0, 0)
    model: Callable[[], str] | None = None
