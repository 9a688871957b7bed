"""What arrived at Slack, beside what should have: lost, told again, and in which order."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from benchmarks.faults_content import alert_lines
from benchmarks.faults_slack import Taken
from storage.archive import Archive


@dataclass(frozen=True, slots=True)
class Told:
    """Alerts and messages counted; what is wrong is named.

    A message is a part with a key. It is `excused` when it came again because the stand-in had
    taken it and could not say so, or because the program was killed or hindered between hearing
    so and writing it down: then it was the last message of that run, and no other.
    """

    expected: int
    arrived: int
    lost: tuple[str, ...]
    unasked: tuple[str, ...]
    messages: int
    excused_unsaid: int
    excused_killed: int
    unexcused: tuple[str, ...]
    disorder: tuple[str, ...]


def told(calm: Archive, tried: Archive, taken: Sequence[Taken], broken: Collection[int]) -> Told:
    """Judge what arrived, against the alerts of an undisturbed run; `broken` are the runs that did
    not end well."""
    expected = Counter(_delivered(calm).values())
    keys = _keys(tried)
    arrived_keys = {one.key for one in taken}
    here = _delivered(tried)
    arrived = Counter(line for number, line in here.items() if keys[number] in arrived_keys)
    unsaid, killed, unexcused = came_again(taken, broken)
    return Told(
        expected=expected.total(),
        arrived=(arrived & expected).total(),
        lost=tuple((expected - arrived).elements()),
        unasked=tuple((arrived - expected).elements()),
        messages=len({(one.key, one.part) for one in taken}),
        excused_unsaid=unsaid,
        excused_killed=killed,
        unexcused=unexcused,
        disorder=(*_out_of_order(tried, taken, keys), *_out_of_thread(tried, taken, keys)),
    )


def _delivered(archive: Archive) -> dict[int, str]:
    """The alerts that somebody is to be told of: their numbers and what they say."""
    lines = alert_lines(archive)
    with archive.reading() as tx:
        return {one: line for one, line in lines.items() if tx.outbox.deliveries(one)}


def _keys(archive: Archive) -> dict[int, str]:
    """The key under which each alert's message travels: its own, or its batch's."""
    with archive.reading() as tx:
        rows = [
            row
            for alert in tx.outbox.alerts()
            for row in tx.outbox.deliveries(alert.id)
            if row.kind == "alert"
        ]
    own = {row.id: row.key for row in rows}
    return {row.alert_id: own[row.batch or row.id] for row in rows}


def came_again(taken: Sequence[Taken], broken: Collection[int]) -> tuple[int, int, tuple[str, ...]]:
    """How many messages came again for either good reason, and those that came for none."""
    last_of_run: dict[int, str] = {one.run: one.key for one in taken}
    before: dict[tuple[str, int], Taken] = {}
    unsaid = killed = 0
    wrong = []
    for one in taken:
        earlier = before.get((one.key, one.part))
        if earlier is None:
            pass
        elif not earlier.said:
            unsaid += 1
        elif earlier.run in broken and last_of_run[earlier.run] == one.key:
            killed += 1
        else:
            wrong.append(f"{one.key} part {one.part}: runs {earlier.run} and {one.run}")
        before[one.key, one.part] = one
    return unsaid, killed, tuple(wrong)


def _out_of_order(archive: Archive, taken: Sequence[Taken], keys: dict[int, str]) -> Iterable[str]:
    """Alerts of a thread that arrived before an earlier one of it.

    What is critical may overtake what waits for the end of a quiet hour or for its group.
    """
    first: dict[str, int] = {}
    for place, one in enumerate(taken):
        first.setdefault(one.key, place)
    threads = defaultdict(list)
    with archive.reading() as tx:
        for alert in sorted(tx.outbox.alerts(), key=lambda one: one.id):
            if keys.get(alert.id) in first:
                threads[alert.thread].append(alert)
    for thread, alerts in threads.items():
        for number, later in enumerate(alerts):
            for earlier in alerts[:number]:
                held = any(one["verdict"] == "hold" for one in earlier.decisions)
                if later.severity == "critical" and held:
                    continue
                if first[keys[later.id]] < first[keys[earlier.id]]:
                    yield f"{thread}: {later.title} before {earlier.title}"


def _out_of_thread(archive: Archive, taken: Sequence[Taken], keys: dict[int, str]) -> Iterable[str]:
    """Messages that answer another message than one that began their thread."""
    key_at = {one.ts: one.key for one in taken}
    threads: dict[str, set[str]] = defaultdict(set)
    with archive.reading() as tx:
        for alert in tx.outbox.alerts():
            if alert.id in keys:
                threads[keys[alert.id]].add(alert.thread)
    for one in taken:
        if one.thread and not threads[one.key] & threads[key_at[one.thread]]:
            yield f"{one.key} answers {key_at[one.thread]} of another thread"
