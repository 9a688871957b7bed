"""Templates → pages: everything foreign escaped, times in the reader's zone, both languages."""

import hashlib
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup, escape

from alerts.names import Names
from web.access import CSRF_FIELD, csrf_token, visit_of
from web.moments import ago, day_in_words, exact, plain_day, short
from web.reader import Reader, address, reader_of, remember
from web.room import Room, room_of
from web.templating import STATIC, environment
from web.wording import LANGUAGES, NAMES, Language, number


def page(request: Request, template: str, status: int = 200, /, **what: Any) -> HTMLResponse:
    """A whole page from a template below web/templates, with what it shows.

    Templates know besides: `t`, `tn` and `word` (wording by key, by key and number, and of a name
    such as a severity's; the name itself where there is none), `when`, `since`, `day` and `plain`
    (times), `num`, `static` and `here` (addresses), `names`, `user` (None before a login), `csrf`
    (the hidden field of a form), `language`, `theme`, `zone`, `path`, `now`, `today` and `config`.
    """
    room, reader = room_of(request), reader_of(request)
    html = environment().get_template(template).render(**_known(request, room, reader), **what)
    response = HTMLResponse(html, status_code=status)
    remember(request, response, reader)
    return response


def _known(request: Request, room: Room, reader: Reader) -> dict[str, Any]:
    language, zone, now = reader.language, room.config.zone, room.now()
    say, count = room.wording.say, room.wording.count

    def t(key: str, /, **named: object) -> Markup:
        return say(language, key, **named)

    def tn(key: str, n: int, /, **named: object) -> Markup:
        return count(language, key, n, **named)

    def word(kind: str, name: str) -> str:
        return room.wording.word(language, kind, name)

    def when(at: datetime | None) -> Markup:
        return _time(at, exact(at, zone), short(at, zone, now, language)) if at else t("none")

    def since(at: datetime | None) -> Markup:
        return _time(at, exact(at, zone), ago(at, zone, now, language, tn)) if at else t("none")

    def day(on: date | None) -> Markup:
        if on is None:
            return t("none")
        said = day_in_words(on, now.astimezone(zone).date(), language)
        return Markup('<time datetime="{0}" title="{0}">{1}</time>').format(on.isoformat(), said)

    def plain(on: date) -> str:
        return plain_day(on, on, language)

    def here(**changed: str) -> str:
        return address(request, **changed)

    def csrf() -> Markup:
        field = Markup('<input type="hidden" name="{}" value="{}">')
        return field.format(CSRF_FIELD, csrf_token(request))

    return {
        "t": t,
        "tn": tn,
        "known": room.wording.knows,
        "word": word,
        "when": when,
        "since": since,
        "day": day,
        "plain": plain,
        "num": lambda n: number(n, language),
        "static": static_address,
        "here": here,
        "names": names_in(language, room),
        "user": visit_of(request).visitor,
        "csrf": csrf,
        "language": language,
        "languages": [(one, NAMES[one]) for one in LANGUAGES],
        "theme": reader.theme,
        "zone": room.config.timezone,
        "path": request.url.path,
        "now": now,
        "today": now.astimezone(zone).date(),
        "config": room.config,
    }


def names_in(language: Language, room: Room) -> Names:
    """What the configuration calls things; the topics known out of the box in the reader's
    language, unless they were given other names."""
    if language == "en":
        return room.names
    texts, known = room.wording.texts, dict(room.names.topics)
    for topic, name in known.items():
        key = f"word.topic.{topic}"
        if texts["en"].get(key) == name:
            known[topic] = texts[language][key]
    return replace(room.names, topics=known)


def _time(at: datetime, title: str, said: str) -> Markup:
    stamp = at.isoformat(timespec="seconds")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(stamp, title, escape(said))


@cache
def static_address(name: str) -> str:
    """Where a file of web/static is served, with its version, so that it can be kept for long."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"
