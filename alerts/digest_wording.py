"""What a digest says, in the same words in each of its renderings."""

from datetime import date, datetime, tzinfo

from alerts.digest_parts import Digest, Number, StoryLine

EMPTY = "Nothing was told, changed, edited or removed on the watched topics."


def title_of(digest: Digest) -> str:
    """The digest's name: "Digest of Monday 2 June 2031"."""
    so_far = "" if digest.is_over else ", so far"
    if digest.first == digest.last:
        return f"Digest of {digest.first:%A} {day(digest.first)}{so_far}"
    return f"Digest of {day(digest.first)} to {day(digest.last)}{so_far}"


def day(one: date) -> str:
    """`2031-06-02` → "2 June 2031"."""
    return f"{one.day} {one:%B %Y}"


def moment(at: datetime, zone: tzinfo, digest: Digest) -> str:
    """The time alone within the digest's day, else with its date."""
    local = at.astimezone(zone)
    if digest.first == digest.last == local.date():
        return f"{local:%H:%M}"
    return f"{local:%Y-%m-%d %H:%M}"


def gist_of(digest: Digest) -> str:
    """The digest on one line: how much of what there is."""
    stories = sum(len(topic.stories) for topic in digest.topics)
    counts = [
        counted(stories, "story", "stories"),
        counted(len(digest.changes), "text compared", "texts compared"),
        counted(len(digest.touched), "page edited or removed", "pages edited or removed"),
        counted(len(digest.deadlines), "date coming near", "dates coming near"),
        counted(len(digest.troubled), "source in trouble", "sources in trouble"),
    ]
    said = ", ".join(one for one in counts if one)
    return f"{EMPTY} {said}".strip() if digest.is_empty else said


def counted(number: int, one: str, many: str) -> str:
    """ "1 story", "3 stories"; nothing for 0."""
    return f"{number} {one if number == 1 else many}" if number else ""


def first_seen(line: StoryLine, zone: tzinfo, digest: Digest) -> str:
    """By whom and when a story was seen first."""
    since = "" if line.is_new else ", known before"
    return f"first {line.first_by}, {moment(line.first_at, zone, digest)}{since}"


def outlets(line: StoryLine) -> str:
    """Who told it, state media and international ones apart."""
    return "; ".join(
        f"{group}: {', '.join(one.name for one in told)}" for group, told in line.outlets()
    )


def due_in(left: int) -> str:
    """How far off a day is."""
    return "the day after" if left == 1 else f"in {left} days"


def beside(one: Number, weeks: int) -> str:
    """A number beside the one before: "12 (a week before 8)"."""
    before = "a week before" if weeks == 1 else f"{weeks} weeks before"
    return f"{one.now} ({before} {one.before})"


def notes(digest: Digest) -> list[str]:
    """What must be known of the digest itself."""
    found = list(digest.notes)
    if not digest.is_over:
        found.append("The last day is not over: this is what is known so far.")
    if digest.old:
        found.append(
            f"{counted(digest.old, 'article', 'articles')} on a topic, already a week old or older "
            "when first seen, not listed."
        )
    if digest.undelivered:
        said = counted(digest.undelivered, "message was", "messages were")
        found.append(f"{said} given up undelivered: `decreewatch alerts list` shows which.")
    return found
