"""An invented newsroom for the tests: what spiders and stages would have written."""

from datetime import datetime, timedelta

from alerts.stage import RulesStage
from config import Config
from storage.archive import Archive
from storage.findings import FoundCitation, FoundTag
from storage.log import advance
from storage.observations import Observation

LAW = "901/2031/NĐ-CP"


def configuration(*rules, channels=({"id": "desk", "kind": "console"},)):
    """A configuration with invented sources, topics and an instrument, and the given rules."""
    return Config.model_validate(
        {
            "politeness": {"contact": "desk@example.org"},
            "sources": [
                {
                    "id": source,
                    "name": name,
                    "kind": "state",
                    "language": "vi",
                    "homepage": f"https://{source}.example.org/",
                    "feeds": [f"https://{source}.example.org/rss"],
                }
                for source, name in (("tin-moi", "Tin Mới"), ("song-xanh", "Sóng Xanh"))
            ],
            "topics": [
                {"id": topic, "name": name, "description": {"en": name, "vi": name}}
                for topic, name in (("minors", "Minors online"), ("telecom", "Telecoms"))
            ],
            "instruments": [{"id": "platforms", "name": "Platform decree", "number": LAW}],
            "channels": list(channels),
            "rules": [{"channels": ["desk"], **rule} for rule in rules],
        }
    )


class Newsdesk:
    """Writes into an archive, one hour after another."""

    def __init__(self, archive: Archive, now: datetime) -> None:
        self.archive = archive
        self.now = now

    def page(self, text, *, url="https://tin-moi.example.org/a1", title="Tin về nền tảng", **said):
        """A page is seen; returns what it became."""
        self.now += timedelta(hours=1)
        with self.archive.transaction() as tx:
            return tx.items.observe(
                Observation(
                    url=url,
                    source_id=said.pop("source_id", "tin-moi"),
                    kind=said.pop("kind", "article"),
                    seen_at=self.now,
                    title=title,
                    extractor="test",
                    extractor_version=said.pop("version", 1),
                    text=text,
                    language="vi",
                    **said,
                )
            )

    def tagged(self, seen, *topics, appeared=True, **said):
        """The topics stage tags a revision."""
        with self.archive.transaction() as tx:
            tags = [FoundTag(topic, 0.8, 0.5, "một đoạn văn") for topic in topics]
            tx.findings.tag(seen.revision_id, tags, "test")
            revision = tx.items.revision(seen.revision_id)
            item = tx.items.get(seen.item_id)
            data = {
                "item": seen.item_id,
                "revision": seen.revision_id,
                "source": item.source_id,
                "kind": item.kind,
                "url": item.url,
                "title": revision.title,
                "language": "vi",
                "topics": [{"topic": topic, "score": 0.8} for topic in topics],
                "appeared": appeared,
                "cause": revision.cause,
                **said,
            }
            tx.events.append("item.tagged", f"item:{seen.item_id}", self.now, data)

    def cited(self, seen, instrument):
        """The citations stage finds an instrument in a revision."""
        with self.archive.transaction() as tx:
            found = FoundCitation(0, 5, "Nghị định", instrument, "decree", None, None, None, None)
            tx.findings.cite(seen.revision_id, [found])

    def version(self, seen, stage, *, ordinal=1, **said):
        """The lineage stage places a document."""
        with self.archive.transaction() as tx:
            revision = tx.items.revision(seen.revision_id)
            row = tx.findings.add_version("platforms", stage, revision, self.now, "test")
            data = {
                "instrument": "platforms",
                "stage": stage,
                "version": row.id,
                "item": seen.item_id,
                "revision": seen.revision_id,
                "url": "https://portal.example.org/d",
                "title": revision.title,
                "ordinal": ordinal,
                "first": ordinal == 1,
                **said,
            }
            tx.events.append("instrument.version", "instrument:platforms", self.now, data)

    def compared(self, old, new, stage, *changes, **said):
        """The compare stage compares two documents."""
        with self.archive.transaction() as tx:
            result = {
                "old": {"title": "Cũ", "number": "", "date": "", "provisions": 3},
                "new": {"title": "Mới", "number": LAW, "date": "", "provisions": 3},
                "links": [],
                "changes": list(changes),
                "warnings": [],
            }
            row = tx.findings.compared(
                "platforms", old.revision_id, new.revision_id, self.now, result
            )
            data = {"instrument": "platforms", "stage": stage, "comparison": row.id, **said}
            tx.events.append("instrument.compared", "instrument:platforms", self.now, data)

    def happens(self, kind, subject, **data):
        """Any other event."""
        with self.archive.transaction() as tx:
            tx.events.append(kind, subject, self.now, data)

    def alerts(self, *rules):
        """The alerts that exist once the rules have read the whole log, oldest first."""
        stage = RulesStage(configuration(*rules))
        while advance(self.archive, stage, self.now).read:
            pass
        with self.archive.reading() as tx:
            assert not tx.events.failures()
            return tx.outbox.alerts()[::-1]

    def reasons(self, kind, *rules):
        """Why the rules stayed silent at the last event of a kind."""
        with self.archive.reading() as tx:
            event = tx.events.since(None, [kind])[-1]
        judged = RulesStage(configuration(*rules)).verdicts(event, self.archive)
        return " / ".join(getattr(one.verdict, "reason", "raised") for one in judged)


def change(severity="major", confidence="certain", summary="A change", **said):
    """A change as `compare` states it."""
    return {
        "kind": "modified",
        "old": ["art_5__para_2"],
        "new": ["art_7__para_2"],
        "severity": severity,
        "confidence": confidence,
        "summary": summary,
        "values": [],
        "old_text": "trong 48 giờ",
        "new_text": "trong 24 giờ",
        "inline": [["=", "trong "], ["-", "48"], ["+", "24"], ["=", " giờ"]],
        **said,
    }
