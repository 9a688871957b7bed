"""Which old provisions belong together with which new ones, while pairing goes on."""

from collections.abc import Mapping

_FIRM = 0.65


class Groups:
    """Which old provisions belong together with which new ones, while pairing goes on."""

    def __init__(self, pairs: Mapping[tuple[int, int], float]) -> None:
        self._made = 0
        self._members: dict[int, tuple[list[int], list[int], list[float]]] = {}
        self._of_old: dict[int, int] = {}
        self._of_new: dict[int, int] = {}
        for (old, new), score in pairs.items():
            self.join(old, new, score)

    def has_old(self, index: int) -> bool:
        """Tell whether an old provision has a partner."""
        return index in self._of_old

    def has_new(self, index: int) -> bool:
        """Tell whether a new provision has a partner."""
        return index in self._of_new

    def partners_of_old(self, index: int) -> list[int]:
        """Give the new provisions in the group of an old one."""
        group = self._of_old.get(index)
        return [] if group is None else self._members[group][1]

    def partners_of_new(self, index: int) -> list[int]:
        """Give the old provisions in the group of a new one."""
        group = self._of_new.get(index)
        return [] if group is None else self._members[group][0]

    def exact_old(self, index: int) -> bool:
        """Tell whether an old provision has a partner that reads the same."""
        return self._exact(self._of_old.get(index))

    def exact_new(self, index: int) -> bool:
        """Tell whether a new provision has a partner that reads the same."""
        return self._exact(self._of_new.get(index))

    def _exact(self, group: int | None) -> bool:
        return group is not None and min(self._members[group][2]) == 1.0

    def loose_old(self, index: int) -> bool:
        """Tell whether an old provision has no partner or a single one that fits badly."""
        return self._loose(self._of_old.get(index))

    def loose_new(self, index: int) -> bool:
        """Tell whether a new provision has no partner or a single one that fits badly."""
        return self._loose(self._of_new.get(index))

    def _loose(self, group: int | None) -> bool:
        if group is None:
            return True
        olds, news, scores = self._members[group]
        return len(olds) == len(news) == 1 and scores[0] < _FIRM

    def free_old(self, index: int) -> None:
        """Take an old provision's badly fitting pair apart, if it has one."""
        self._take_apart(self._of_old.get(index))

    def free_new(self, index: int) -> None:
        """Take a new provision's badly fitting pair apart, if it has one."""
        self._take_apart(self._of_new.get(index))

    def _take_apart(self, group: int | None) -> None:
        if group is None:
            return
        olds, news, _ = self._members.pop(group)
        for old in olds:
            del self._of_old[old]
        for new in news:
            del self._of_new[new]

    def join(self, old: int, new: int, score: float) -> None:
        """Put two provisions into one group, where at least one of them has none yet."""
        group = self._of_old.get(old, self._of_new.get(new, self._made))
        self._made += group == self._made
        olds, news, scores = self._members.setdefault(group, ([], [], []))
        if old not in self._of_old:
            olds.append(old)
            self._of_old[old] = group
        if new not in self._of_new:
            news.append(new)
            self._of_new[new] = group
        scores.append(score)

    def all(self) -> list[tuple[tuple[int, ...], tuple[int, ...], float]]:
        """Give every group: its old ones, its new ones, and the faintest score among them."""
        return [
            (tuple(sorted(olds)), tuple(sorted(news)), min(scores))
            for olds, news, scores in self._members.values()
        ]
