"""A comparison of two invented decrees, built by hand."""

from monitor.legal.model import (
    Change,
    Comparison,
    LegalText,
    Link,
    Provision,
    Quantity,
    ValueChange,
)

HOSTILE = '</p><script>alert("1")</script> & \u202egnorw\x1b[2J'


def article(number, heading, *paragraphs, start=0):
    return Provision(
        f"art_{number}",
        "article",
        number,
        heading,
        "",
        start,
        start + 90,
        tuple(
            Provision(
                f"art_{number}__para_{n}", "paragraph", str(n), "", text, start + n, start + n
            )
            for n, text in enumerate(paragraphs, 1)
        ),
    )


OLD = LegalText(
    text="…",
    provisions=(
        article("4", "Hạ đèn", "Trong 48 giờ.", "Không thả đèn.", start=100),
        article("5", "Thả mèo", "Không thả mèo.", start=200),
    ),
    title="Nghị định về đèn lồng",
    number="12/2031/NĐ-LG",
    date="2031-01-02",
)
NEW = LegalText(
    text="…",
    provisions=(
        article("6", HOSTILE, "Trong 24 giờ.", start=100),
        article("7", "Điều mới", "Chủ vườn đèn phải báo cáo.", start=200),
    ),
    title=HOSTILE,
    number="13/2031/NĐ-LG",
    effective_date="2031-07-01",
)
SHORTER = ValueChange(
    "deadline",
    "changed",
    Quantity("48 giờ", "<=", 48, "hour"),
    Quantity("24 giờ", "<=", 24, "hour", anchor="kể từ khi nhận được yêu cầu"),
)
CHANGES = (
    Change(
        "modified",
        ("art_4__para_1",),
        ("art_6__para_1",),
        "critical",
        "certain",
        "Deadline 48 hours → 24 hours",
        "Trong 48 giờ.",
        "Trong 24 giờ.",
        (("=", "Trong "), ("-", "48"), ("+", "24"), ("=", " giờ.")),
        values=(SHORTER,),
        summary_vi="Thời hạn 48 giờ → 24 giờ",
        reason="a deadline was shortened",
        renumbered=True,
    ),
    Change("added", (), ("art_7",), "major", "probable", HOSTILE, "", HOSTILE, (("+", HOSTILE),)),
    Change(
        "removed",
        ("art_4__para_2",),
        (),
        "major",
        "certain",
        "A prohibition was removed",
        "Không thả đèn.",
        "",
        (("-", "Không thả đèn."),),
    ),
    Change(
        "removed",
        ("art_5",),
        (),
        "minor",
        "certain",
        "Article 5 was removed",
        "mèo " * 2000,
        "",
        (("-", "mèo " * 2000),),
    ),
)
LINKS = (
    Link(("art_4",), ("art_6",), "renumbered", "certain", 0.9, renumbered=True),
    Link(("art_4__para_1",), ("art_6__para_1",), "modified", "certain", 0.9),
    Link(("art_4__para_2",), (), "removed", "certain", 0.0),
    Link(("art_5",), (), "removed", "certain", 0.0),
    Link((), ("art_7",), "added", "probable", 0.0),
)
INVENTED = Comparison(OLD, NEW, LINKS, CHANGES, ("old text: a number is missing",))
