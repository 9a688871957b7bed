"""What other tools make of two texts, each given the same parsed provisions."""

import difflib
import subprocess
import tempfile
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from benchmarks.scores import Told, level_of
from monitor.legal.model import LegalText, Provision
from monitor.legal.order import heaviest_run

Span = tuple[int, int, int, int]
_SHARE = 0.3


def lines_of(text: LegalText) -> list[tuple[str, str]]:
    """Give every article, khoản and điểm with its own words on one line: (eid, line)."""
    found: list[tuple[str, str]] = []

    def walk(provisions: Sequence[Provision]) -> None:
        for provision in provisions:
            if level_of(provision.eid) != "other":
                said = " ".join(f"{provision.heading} {provision.text}".split())
                found.append((provision.eid, f"{provision.num}. {said}"))
            walk(provision.children)

    walk(text.provisions)
    return found


def _told(
    links: Iterable[tuple[str, str]], unchanged: Iterable[str], news: Sequence[tuple[str, str]],
    olds: Sequence[tuple[str, str]],
) -> Told:  # fmt: skip
    pairs = frozenset(links)
    same = set(unchanged)
    per_old, per_new = Counter(o for o, _ in pairs), Counter(n for _, n in pairs)
    grouped = frozenset(p for p in pairs if per_old[p[0]] > 1 or per_new[p[1]] > 1)
    changed = frozenset(eid for eid, _ in news if eid not in same)
    return Told(pairs, _moved(pairs, olds, news), grouped, changed, None, None)


def _parent(eid: str) -> str:
    return eid.rpartition("__")[0]


def _moved(
    pairs: frozenset[tuple[str, str]], olds: Sequence[tuple[str, str]],
    news: Sequence[tuple[str, str]],
) -> frozenset[str]:  # fmt: skip
    """Call moved what left its parent, or is outside the longest run that kept its order."""
    old_place = {eid: place for place, (eid, _) in enumerate(olds)}
    new_place = {eid: place for place, (eid, _) in enumerate(news)}
    groups: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    moved = set()
    for old, new in pairs:
        parents = _parent(old), _parent(new)
        if parents == ("", "") or parents in pairs:
            groups[parents].append((old, new))
        else:
            moved.add(new)
    for members in groups.values():
        ordered = sorted(members, key=lambda p: (old_place[p[0]], new_place[p[1]]))
        distinct = {new_place[new]: new for _, new in ordered}
        places = list(dict.fromkeys(new_place[new] for _, new in ordered))
        run = heaviest_run(places, [1.0] * len(places))
        moved |= {distinct[place] for at, place in enumerate(places) if at not in run}
    return frozenset(moved)


def same_number(old: LegalText, new: LegalText) -> Told:
    """Link what has the same number."""
    olds, news = lines_of(old), lines_of(new)
    before = dict(olds)
    links = [(eid, eid) for eid, _ in news if eid in before]
    return _told(links, (eid for eid, line in news if before.get(eid) == line), news, olds)


def _by_blocks(
    blocks: Iterable[tuple[str, Span]], olds: Sequence[tuple[str, str]],
    news: Sequence[tuple[str, str]],
) -> Told:  # fmt: skip
    """Link the lines of equal blocks, and those of replaced blocks in their order."""
    links, same = [], []
    for tag, (low_old, high_old, low_new, high_new) in blocks:
        if tag in ("equal", "replace"):
            pairs = list(zip(olds[low_old:high_old], news[low_new:high_new], strict=False))
            links += [(o[0], n[0]) for o, n in pairs]
            same += [n[0] for _, n in pairs] if tag == "equal" else []
    return _told(links, same, news, olds)


def difflib_lines(old: LegalText, new: LegalText) -> Told:
    """Compare line by line with difflib."""
    olds, news = lines_of(old), lines_of(new)
    matcher = difflib.SequenceMatcher(None, [x for _, x in olds], [x for _, x in news], False)
    return _by_blocks(((op[0], op[1:]) for op in matcher.get_opcodes()), olds, news)


def git_patience(old: LegalText, new: LegalText) -> Told:
    """Compare line by line with git diff --patience."""
    olds, news = lines_of(old), lines_of(new)
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / "old.txt", Path(folder) / "new.txt"]
        for path, lines in zip(paths, (olds, news), strict=True):
            path.write_text("".join(f"{line}\n" for _, line in lines), encoding="utf-8")
        run = subprocess.run(
            ["git", "diff", "--no-index", "--patience", "--unified=0", *map(str, paths)],
            capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
    blocks: list[tuple[str, Span]] = []
    at_old = at_new = 0
    for line in run.stdout.splitlines():
        if not line.startswith("@@"):
            continue
        _, left, right, *_ = line.split()
        low_old, count_old = _hunk(left)
        low_new, count_new = _hunk(right)
        blocks.append(("equal", (at_old, low_old, at_new, low_new)))
        span = (low_old, low_old + count_old, low_new, low_new + count_new)
        blocks.append(("replace", span))
        at_old, at_new = span[1], span[3]
    blocks.append(("equal", (at_old, len(olds), at_new, len(news))))
    return _by_blocks(blocks, olds, news)


def _hunk(said: str) -> tuple[int, int]:
    start, _, count = said[1:].partition(",")
    size = int(count or "1")
    return int(start) - (1 if size else 0), size


def _by_overlap(
    spans: Iterable[Span], olds: Sequence[tuple[str, str]], news: Sequence[tuple[str, str]]
) -> Told:
    """Link what shares at least 30% of its characters; spans count characters that are no space."""
    sizes = [[len("".join(line.split())) for _, line in side] for side in (olds, news)]
    starts = [[sum(side[:place]) for place in range(len(side))] for side in sizes]
    votes: Counter[tuple[int, int]] = Counter()
    for low_old, high_old, low_new, _ in spans:
        at = low_old
        while at < high_old:
            row = bisect_right(starts[0], at) - 1
            column = bisect_right(starts[1], low_new + at - low_old) - 1
            row_end = starts[0][row] + sizes[0][row]
            column_end = starts[1][column] + sizes[1][column] - low_new + low_old
            step = max(1, min(high_old, row_end, column_end) - at)
            votes[row, column] += step
            at += step
    links, same = [], []
    for (row, column), shared in votes.items():
        if shared >= _SHARE * min(sizes[0][row], sizes[1][column]):
            links.append((olds[row][0], news[column][0]))
        if shared == sizes[0][row] == sizes[1][column]:
            same.append(news[column][0])
    return _told(links, same, news, olds)


def redlines(old: LegalText, new: LegalText) -> Told:
    """Compare with redlines; what it leaves equal tells which provision became which."""
    from redlines import Redlines
    from redlines.processor import tokenize_text

    olds, news = lines_of(old), lines_of(new)
    texts = ["\n\n".join(line for _, line in side) for side in (olds, news)]
    tokens = [tokenize_text(_marked(text)) for text in texts]
    sizes = [[0], [0]]
    for side, found in zip(sizes, tokens, strict=True):
        for token in found:
            side.append(side[-1] + len("".join(token.split()).replace("¶", "")))
    compared = Redlines(texts[0], texts[1])
    spans = [
        (sizes[0][op[1]], sizes[0][op[2]], sizes[1][op[3]], sizes[1][op[4]])
        for op in compared.opcodes
        if op[0] == "equal"
    ]
    return _by_overlap(spans, olds, news)


def _marked(text: str) -> str:
    from redlines.processor import concatenate_paragraphs_and_add_chr_182

    return str(concatenate_paragraphs_and_add_chr_182(text))


def diff_match_patch(old: LegalText, new: LegalText) -> Told:
    """Compare character by character with diff-match-patch, given a second."""
    from diff_match_patch import diff_match_patch as tool

    olds, news = lines_of(old), lines_of(new)
    machine = tool()
    machine.Diff_Timeout = 1.0
    spans: list[Span] = []
    at_old = at_new = 0
    for sign, said in machine.diff_main(
        "\n".join(line for _, line in olds), "\n".join(line for _, line in news)
    ):
        size = len("".join(said.split()))
        if sign == 0:
            spans.append((at_old, at_old + size, at_new, at_new + size))
        at_old += size if sign <= 0 else 0
        at_new += size if sign >= 0 else 0
    return _by_overlap(spans, olds, news)


def xmldiff(old: LegalText, new: LegalText) -> Told:
    """Match the two trees' nodes with xmldiff."""
    from lxml import etree
    from xmldiff.diff import Differ

    def tree(text: LegalText) -> tuple["etree._Element", list[str]]:
        root, eids = etree.Element("text"), [""]

        def put(above: "etree._Element", provisions: Sequence[Provision]) -> None:
            for provision in provisions:
                node = etree.SubElement(above, provision.kind)
                node.text = f"{provision.heading} {provision.text}"
                eids.append(provision.eid)
                put(node, provision.children)

        put(root, text.provisions)
        return root, eids

    (left, old_eids), (right, new_eids) = tree(old), tree(new)
    olds, news = lines_of(old), lines_of(new)
    differ = Differ(F=0.5, ratio_mode="fast")
    matches = differ.match(left, right)
    before = dict(zip(differ.left.iter(), old_eids, strict=True))
    after = dict(zip(differ.right.iter(), new_eids, strict=True))
    known, shown = {eid for eid, _ in olds}, {eid for eid, _ in news}
    links, same = [], []
    for match in matches:
        pair = before.get(match[0], ""), after.get(match[1], "")
        if pair[0] in known and pair[1] in shown:
            links.append(pair)
            if match[0].text == match[1].text:
                same.append(pair[1])
    return _told(links, same, news, olds)


def vector_argmax(
    encode: Callable[[list[str]], "object"],
) -> Callable[[LegalText, LegalText], Told]:
    """Link each article to the nearest by an embedding model's vectors of heading and text.

    Articles only: one vector a khoản would take minutes a pair on two cores.
    """
    import numpy as np

    def compare(old: LegalText, new: LegalText) -> Told:
        olds, news = lines_of(old), lines_of(new)
        links = []
        for level in ("articles",):
            left = [pair for pair in olds if level_of(pair[0]) == level]
            right = [pair for pair in news if level_of(pair[0]) == level]
            if not right:
                continue
            ours = np.asarray(encode([line for _, line in left]))
            theirs = np.asarray(encode([line for _, line in right]))
            nearest = (ours @ theirs.T).argmax(axis=1)
            links += [(left[row][0], right[int(at)][0]) for row, at in enumerate(nearest)]
        before = dict(olds)
        texts = dict(news)
        same = [new for old, new in links if before[old] == texts[new]]
        return _told(links, same, news, olds)

    return compare


SYSTEMS: dict[str, Callable[[LegalText, LegalText], Told]] = {
    "same number": same_number,
    "difflib lines": difflib_lines,
    "git --patience": git_patience,
    "redlines": redlines,
    "diff-match-patch": diff_match_patch,
    "xmldiff": xmldiff,
}
