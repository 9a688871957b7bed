"""Invented articles of several outlets, and archives in which they appear."""

import itertools
from dataclasses import replace
from typing import Any
from zlib import crc32

import numpy as np
from archives import NOON, observe, seen

from monitor import passages
from monitor.citing import CitationsStage
from monitor.embedding import Embedder
from monitor.stages import StageReport, run_stages
from monitor.stories import StoriesStage
from storage.archive import Archive
from storage.observations import Observation

FINE = (
    "Thanh tra Cục Bến Bãi vừa phạt mạng xã hội LinhChi 85 triệu đồng vì để 12.400 tài khoản "
    "hoạt động mà không xác thực số điện thoại. Theo kết luận công bố chiều nay, nền tảng đã "
    "được nhắc nhở hai lần từ đầu mùa mưa nhưng không khắc phục. Đại diện LinhChi nói công ty "
    "đã lập một tổ kỹ thuật riêng để rà soát từng nhóm người dùng và sẽ khóa những tài khoản "
    "không trả lời. Cục yêu cầu công ty nộp báo cáo trong 45 ngày, nêu rõ cách xác thực, nơi "
    "lưu trữ dữ liệu và người chịu trách nhiệm. Nếu tái phạm, nền tảng có thể bị đình chỉ tính "
    "năng phát trực tiếp trong ba tháng. Bà Trịnh Thị Sương Mai, phó cục trưởng, cho biết thêm "
    "rằng sáu nền tảng khác cũng đang được kiểm tra và kết quả sẽ có trước cuối quý."
)
GAMES = (
    "Dự thảo quy chế trò chơi trực tuyến do Cục Bến Bãi soạn giới hạn người chơi dưới 18 tuổi ở"
    " mức 60 phút mỗi ngày cho từng trò. Nhà phát hành NgọcLam phản đối và cho rằng việc đếm "
    "giờ phải do phụ huynh quyết định. Cơ quan soạn thảo lấy ý kiến trong 30 ngày và hứa công "
    "khai từng góp ý. Một khảo sát kèm theo hồ sơ nói 71% phụ huynh được hỏi ủng hộ việc giới "
    "hạn giờ chơi, song chỉ một phần ba từng dùng công cụ quản lý có sẵn trên máy của con mình."
)
FERRY = (
    "Bến phà Cồn Én mở lại từ sáng mai sau hai tuần sửa chữa mố cầu bị sạt. Mỗi chuyến chở tối "
    "đa 24 xe máy và 80 hành khách, cách nhau 20 phút vào giờ cao điểm. Người dân hai bờ nói họ"
    " đã phải đi vòng gần bốn mươi cây số trong thời gian phà nghỉ, tốn thêm xăng và trễ giờ "
    "học của con."
)
FINE_IN_ENGLISH = (
    "The Ferry Bureau's inspectors have fined the LinhChi social network 85 million dong for "
    "letting 12,400 accounts operate without a verified phone number. The platform has 45 days "
    "to report how it will verify its users, and may lose its livestream for three months if it"
    " does so again."
)
ENDING = " Bản tin này sẽ được bổ sung khi có thêm thông tin từ phía doanh nghiệp liên quan."


def article(outlet: str, title: str, text: str, hour: float = 0, **said: Any) -> Observation:
    """An article of an outlet, published and seen `hour` hours after noon."""
    place = f"{crc32(title.encode())}-{hour:g}"
    look = seen(f"https://{outlet}.example/{place}", hour, title=title, text=text, source_id=outlet)
    return replace(look, published_at=look.seen_at, **said)


def appear(archive: Archive, *looks: Observation) -> list[int]:
    """Let articles appear, and give their numbers; the stage has not read them yet."""
    return [one.item_id for one in observe(archive, *looks)]


def told(archive: Archive, embedder: Embedder | None = None) -> StageReport:
    """Let the stage catch up, after the vectors of an embedder and the citations were stored."""
    if embedder is not None:
        encode(archive, embedder)
    return run_stages(archive, [CitationsStage(()), StoriesStage()], NOON)[1]


def encode(archive: Archive, embedder: Embedder) -> None:
    """Store the vector of each headline and summary, as the topics stage does."""
    model = f"{embedder.name}@{embedder.version}"
    with archive.transaction() as tx:
        for _, revision in tx.items.every():
            first = passages.of(revision.title, revision.summary, revision.text)[0]
            vector = embedder.encode([first.in_context()])[0].astype(np.float16)
            tx.vectors.put(revision.id, model, passages.VERSION, [0], vector.tobytes(), len(vector))


def stories(archive: Archive) -> list[set[int]]:
    """The stories as sets of items, each in the order of its first item."""
    with archive.reading() as tx:
        rows = [row for item, _ in tx.items.every() if (row := tx.stories.of_item(item.id))]
        found = itertools.groupby(
            sorted(rows, key=lambda row: (row.story_id, row.item_id)), lambda row: row.story_id
        )
        return sorted(({row.item_id for row in group} for _, group in found), key=min)


def how(archive: Archive, item: int) -> str:
    """How an item came to its story."""
    with archive.reading() as tx:
        row = tx.stories.of_item(item)
        assert row is not None
        return row.how


def joins(archive: Archive) -> list[tuple[int, str]]:
    """What the log says joined: item, and how."""
    with archive.reading() as tx:
        return [
            (event.data["item"], event.data["how"])
            for event in tx.events.since(None, ["story.joined"])
        ]
