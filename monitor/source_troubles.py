"""Drifts that belong together: of one source, and of the sources of one CMS family.

What drifts on a source at the same time is one trouble, and so is a family whose selectors, of the
text or of one field, fail on several sources within two days: it is told once, and is over with the
last of its drifts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from monitor.source_families import SORTS
from storage.models import Event
from storage.reading_figures import DRIFTED

TOGETHER = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class DriftVerdict:
    """That a source drifted (`source.drifted`) or is mended (`source.mended`) in one respect.

    `state` is the number of the event that told of it before, 0 where none did: with it each
    change is told once.
    """

    source: str
    kind: str
    sort: str
    state: int
    said: dict[str, Any]

    @property
    def key(self) -> str:
        """The event's key."""
        return f"{self.kind}:{self.source}:{self.sort}:{self.state}"


@dataclass(frozen=True, slots=True)
class Case:
    """What was found of a source: drifts that begin and end now, and those that lasted before."""

    source: str
    family: str
    asked: datetime
    begun: Sequence[DriftVerdict]
    ended: Sequence[DriftVerdict]
    lasting: Mapping[str, Event]

    @property
    def trouble(self) -> tuple[str, str]:
        """The trouble in which the source lies already, and its thread; "" where it is in none."""
        for event in self.lasting.values():
            return str(event.data["trouble"]), str(event.data["thread"])
        return "", ""

    @property
    def is_over(self) -> bool:
        """Whether the last of its drifts ends now."""
        ended = {one.sort for one in self.ended}
        return bool(ended) and not self.begun and not set(self.lasting) - ended


def together(cases: Sequence[Case]) -> list[DriftVerdict]:
    """The verdicts of all cases, each with its `trouble`, and the `thread` in which it is told.

    The first verdict on a source has the reasons of all that begins there with it. Those that
    end have a trouble only where the whole of it is over.
    """
    families: dict[str, tuple[str, str]] = {}
    for case in cases:
        events = [event for sort, event in case.lasting.items() if sort in SORTS]
        if case.family and any(case.asked - event.at <= TOGETHER for event in events):
            families.setdefault(case.family, case.trouble)
    verdicts: list[DriftVerdict] = []
    troubled: set[str] = set()
    for case in cases:
        trouble, thread = _trouble_of(case, families)
        if trouble and not case.is_over:
            troubled.add(trouble)
        verdicts += _begun(case, trouble, thread)
    return _with_fellows(verdicts) + _ended(cases, troubled)


def _with_fellows(verdicts: Sequence[DriftVerdict]) -> list[DriftVerdict]:
    """The verdicts that begin, the one that is told saying what it stands for elsewhere too."""
    fellows: dict[str, dict[str, None]] = {}
    for one in verdicts:
        if one.sort in SORTS and one.said["thread"] != f"source:{one.source}":
            words = str(one.said["words"])
            words = words if "sources" in one.said else f"{one.source}: {words}"
            fellows.setdefault(str(one.said["trouble"]), {})[words] = None
    found = []
    for one in verdicts:
        is_told = one.said["thread"] == f"source:{one.source}"
        others = fellows.pop(str(one.said["trouble"]), {}) if is_told else {}
        reasons = list(dict.fromkeys([*one.said["reasons"], *others]))
        found.append(replace(one, said=one.said | {"reasons": reasons}))
    return found


def _trouble_of(case: Case, families: dict[str, tuple[str, str]]) -> tuple[str, str]:
    """The trouble of a source; a new one is that of its family, if that is in one."""
    trouble = case.trouble
    if trouble[0] or not case.begun:
        return trouble
    first = case.begun[0]
    new = (f"{first.source}:{first.sort}:{first.said['since']}", f"source:{first.source}")
    if case.family and any(one.sort in SORTS for one in case.begun):
        return families.setdefault(case.family, new)
    return new


def _begun(case: Case, trouble: str, thread: str) -> list[DriftVerdict]:
    words = [str(one.said["words"]) for one in case.begun]
    found = []
    for one in case.begun:
        reasons = [str(one.said["words"]), *(w for w in words if w != one.said["words"])]
        said = {"sort": one.sort, "trouble": trouble, "thread": thread, "reasons": reasons}
        found.append(replace(one, said=one.said | said))
    return found


def _ended(cases: Sequence[Case], troubled: set[str]) -> list[DriftVerdict]:
    """What ends: the last of all that ends of a trouble ends the trouble."""
    found: list[DriftVerdict] = []
    for case in reversed(cases):
        trouble, thread = case.trouble
        for one in case.ended:
            over = trouble if trouble not in troubled else ""
            troubled.add(trouble)
            said = {"sort": one.sort, "trouble": over, "thread": thread}
            found.append(replace(one, said=one.said | said))
    return [one for one in found if one.kind != DRIFTED][::-1]
