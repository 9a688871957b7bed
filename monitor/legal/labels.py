"""How a provision is called: "Art. 35(5)(b)" and "điểm b khoản 5 Điều 35"."""

from monitor.legal.nodes import CONTAINERS, Nodes

_VI_NAMES = {
    "part": "Phần", "chapter": "Chương", "section": "Mục", "subsection": "Tiểu mục",
    "article": "Điều", "paragraph": "khoản", "point": "điểm", "subpoint": "tiết",
    "appendix": "Phụ lục", "intro": "đoạn mở đầu", "tail": "đoạn cuối", "quoted": "phần trích",
}  # fmt: skip
_EN_NAMES = {
    "part": "Part", "chapter": "Chapter", "section": "Section", "subsection": "Subsection",
    "article": "Art.", "appendix": "Appendix", "intro": "lead-in", "tail": "closing text",
    "quoted": "quoted text",
}  # fmt: skip


def _path(nodes: Nodes, index: int) -> list[int]:
    path = [index]
    while nodes[path[-1]].parent >= 0:
        above = nodes[nodes[path[-1]].parent].index
        if nodes[above].provision.kind in CONTAINERS and (
            nodes[path[-1]].provision.kind not in CONTAINERS
        ):
            break
        path.append(above)
    return path


def english_label(nodes: Nodes, index: int) -> str:
    """Name a provision in English: "Art. 35(5)(b)", "Appendix 1, Art. 3", "Chapter II"."""
    parts: list[str] = []
    for place in reversed(_path(nodes, index)):
        provision = nodes[place].provision
        name = _EN_NAMES.get(provision.kind, "")
        if name:
            said = f"{name} {provision.num}".strip()
            parts.append(f", {said}" if parts else said)
        elif parts:
            parts.append(f"({provision.num})")
        else:
            parts.append(f"{'para.' if provision.kind == 'paragraph' else 'point'} {provision.num}")
    return "".join(parts)


def vietnamese_label(nodes: Nodes, index: int) -> str:
    """Name a provision in Vietnamese, the innermost first: "điểm b khoản 5 Điều 35"."""
    said = []
    for place in _path(nodes, index):
        provision = nodes[place].provision
        said.append(f"{_VI_NAMES[provision.kind]} {provision.num}".strip())
    return " ".join(said)
