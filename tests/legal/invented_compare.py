"""Invented decrees for the comparison's tests, in parts that a test can rearrange."""

SCOPE = (
    "Phạm vi điều chỉnh\n"
    "Nghị định này quy định việc vận hành vườn đèn lồng trên không tại Lam Giang."
)
SUBJECTS = (
    "Đối tượng áp dụng\n"
    "Nghị định này áp dụng đối với chủ vườn đèn, người thả đèn và cơ quan quản lý bầu trời."
)
STORAGE = (
    "Lưu trữ nhật ký bay\n"
    "1. Chủ vườn đèn có trách nhiệm lưu trữ nhật ký bay tối thiểu 24 tháng kể từ ngày thả đèn.\n"
    "2. Nhật ký bay gồm:\n"
    "a) Tên người thả đèn và giờ thả;\n"
    "b) Hướng gió, độ cao và số lượng đèn đã thả.\n"
    "3. Người thả đèn được quyền xem nhật ký bay của mình."
)
REMOVAL = (
    "Hạ đèn vi phạm\n"
    "1. Chủ vườn đèn phải hạ đèn vi phạm chậm nhất là 48 giờ kể từ khi nhận được yêu cầu của Trạm "
    "quan trắc.\n"
    "2. Không được thả đèn trong vùng cấm bay quanh tháp chuông.\n"
    "3. Việc lưu trữ nhật ký thực hiện theo quy định tại khoản 1 Điều 3 Nghị định này."
)
PENALTY = (
    "Xử phạt vi phạm\n"
    "1. Phạt tiền từ 10.000.000 đồng đến 20.000.000 đồng đối với hành vi thả đèn không có giấy "
    "phép.\n"
    "2. Phạt tiền từ 5.000.000 đồng đến 8.000.000 đồng đối với hành vi làm cháy dây phơi của hàng "
    "xóm."
)
LICENCE = (
    "Giấy phép vườn đèn\n"
    "1. Giấy phép vườn đèn có thời hạn 05 năm và được gia hạn không quá 02 lần.\n"
    "2. Trạm quan trắc cấp giấy phép trong thời hạn 15 ngày làm việc kể từ ngày nhận đủ hồ sơ.\n"
    "3. Vườn có từ 1.000 (một nghìn) đèn trở lên phải có ít nhất 03 người trực đêm."
)
FORCE = "Hiệu lực thi hành\nNghị định này có hiệu lực thi hành kể từ ngày 01 tháng 7 năm 2031."
ARTICLES = (SCOPE, SUBJECTS, STORAGE, REMOVAL, PENALTY, LICENCE, FORCE)

UNRELATED = (
    "Trông giữ mèo ở thư viện\n"
    "1. Thư viện nuôi không quá 04 con mèo trong phòng đọc.\n"
    "2. Thủ thư chải lông mèo mỗi sáng thứ hai."
)


def decree(articles: tuple[str, ...] = ARTICLES, numbers: tuple[str, ...] = ()) -> str:
    """Give an invented decree of these articles, numbered from 1 or as told."""
    named = numbers or tuple(str(place) for place in range(1, len(articles) + 1))
    lead = (
        "CHÍNH PHỦ LAM GIANG\nSố: 12/2031/NĐ-LG\nNGHỊ ĐỊNH\nQuy định về vườn đèn lồng trên không\n"
    )
    body = "\n".join(
        f"Điều {number}. {article}" for number, article in zip(named, articles, strict=True)
    )
    return lead + body + "\n"
