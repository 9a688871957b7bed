"""Messages to send, for the tests of channels."""

from outgoing import NOW

from alerts.message import ChangeNote, Message
from alerts.pieces import difference


def message(**said):
    return Message(
        **{
            "key": "k" * 64,
            "alert": 7,
            "rule": "silent-edit",
            "severity": "major",
            "subject": "item:3",
            "title": "Edited: một bài báo",
            "raised_at": NOW,
            **said,
        }
    )


def note(old="trong 48 giờ", new="trong 24 giờ", **said):
    return ChangeNote(
        **{
            "where": "Điều 7",
            "kind": "modified",
            "severity": "critical",
            "summary": "48 → 24",
            "old_text": old,
            "new_text": new,
            "inline": difference(old, new),
            **said,
        }
    )
