"""A source from its address alone: sources new."""

import argparse
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alerts.wording import visible
from commands.session import CommandParser, activity, config_of, config_path, print_json, say

if TYPE_CHECKING:
    from config import Config

LISTS = ("feeds", "sitemaps", "listings")


def register_new(actions: "argparse._SubParsersAction[CommandParser]") -> None:
    """Add the action to those of `sources`."""
    adding = actions.add_parser("new", help="look at an address and declare it as a source")
    adding.add_argument(
        "url", metavar="URL", help="its front page, a section of it, a portal's list, or a feed"
    )
    adding.add_argument("--id", default="", help="the id to give it")
    adding.add_argument(
        "--portal", action="store_true", help="it is a legal portal's list of documents"
    )
    adding.add_argument(
        "--print", dest="only_print", action="store_true", help="show it, and write nothing"
    )
    adding.set_defaults(run=new_source)


def new_source(args: argparse.Namespace) -> int:
    """Describe an unknown source and add its declaration to the configuration."""
    from spiders.new_source import as_toml, describe
    from spiders.probing import NO_ADDRESS
    from spiders.site_scope import is_address

    config, path = config_of(args), config_path(args)
    url = args.url if "://" in args.url else f"https://{args.url}"
    taken = known_ids(config)
    if not is_address(url):
        return _refused(f"{args.url or 'no address'}: {NO_ADDRESS}")
    if args.id and (wrong := taken.get(args.id) or wrong_id(args.id)):
        return _refused(f"--id {args.id}: {wrong}; give another")
    if known := known_as(config, url):
        return _refused(f"{url}: {known}")
    with activity("looking") as tell:
        found = describe(config, url, lambda at: tell(at.url), taken=taken, portal=args.portal)
    declaration = found.declaration | ({"id": args.id} if args.id else {})
    declaration, shared = without_declared(config, declaration)
    if not any(declaration.get(key) for key in LISTS):
        return _refused(f"{url}: {'; '.join(shared)}")
    if known := known_as(config, declaration["homepage"]):
        lists = ", ".join(one for kind in LISTS for one in declaration.get(kind, ()))
        return _refused(f"{declaration['homepage']}: {known}; add there what is new: {lists}")
    reasons = [*found.reasons, *shared, *same_host(config, declaration["homepage"])]
    text = as_toml(declaration)
    if not args.only_print:
        append_source(path, text)
    if args.json:
        print_json(
            {
                "declaration": declaration,
                "reasons": reasons,
                "written": None if args.only_print else str(path),
            }
        )
        return 0
    print(visible(text), end="")
    for reason in reasons:
        say(visible(reason))
    if not args.only_print:
        say(f"written to {path}; now: decreewatch sources check {declaration['id']}")
    return 0


def _refused(why: str) -> int:
    say(visible(why))
    return 1


def append_source(path: Path, text: str) -> None:
    """Add a declaration at the end of a configuration; raises ConfigError, changing nothing,
    where the configuration would no longer be valid.
    """
    from config import ConfigError, load

    path = path.resolve()
    before = path.read_text(encoding="utf-8")
    tried = path.with_name(f"{path.name}.new")
    try:
        tried.write_text(f"{before.rstrip()}\n\n{text}", encoding="utf-8")
        try:
            load(tried)
        except ConfigError as error:
            raise ConfigError(str(error).replace(str(tried), str(path))) from error
        shutil.copymode(path, tried)
        tried.replace(path)
    finally:
        tried.unlink(missing_ok=True)


def wrong_id(id: str) -> str:
    """Say what is wrong with an id; "" where it can be one."""
    from pydantic import TypeAdapter, ValidationError

    from config_sections import Id

    try:
        TypeAdapter(Id).validate_python(id)
    except ValidationError:
        return "an id is of lower case letters, digits and hyphens, at most 64"
    return ""


def known_ids(config: "Config") -> dict[str, str]:
    """The ids that a new source cannot have, each with why."""
    from config import catalogue

    known = dict.fromkeys(catalogue("sources"), "the catalogue's id of another source")
    return known | {one.id: "declared already" for one in config.sources}


def known_as(config: "Config", url: str) -> str:
    """Say as what an address is declared, or known to the catalogue; "" where it is not.

    Of another page on the same host nothing is said: a section may be a source of its own.
    """
    from config import catalogue
    from spiders.site_scope import keys_of

    [key] = keys_of([url])
    for source in config.sources:
        if key in keys_of([source.homepage, *source.addresses]):
            return f"already declared as {source.id!r}"
    known = [
        f'id = "{entry["id"]}"'
        for entry in catalogue("sources").values()
        if key in keys_of(_addresses(entry))
    ]
    return f"the catalogue knows it: declare [[sources]] {' or '.join(known)}" if known else ""


def same_host(config: "Config", url: str) -> list[str]:
    """Say which sources a new one has pages in common with, and what the catalogue has for it."""
    from config import catalogue
    from spiders.addresses import host_of
    from spiders.site_scope import Scope

    host = host_of(url)
    declared = [one.id for one in config.sources if host_of(one.homepage) == host]
    overlapping = [
        one.id
        for one in config.sources
        if Scope(one.homepage).is_below(url) or Scope(url).is_below(one.homepage)
    ]
    known = [
        f'id = "{entry["id"]}"'
        for entry in catalogue("sources").values()
        if host in map(host_of, _addresses(entry)) and entry["id"] not in declared
    ]
    said = [f"{one!r} may list the same pages: what both list is kept once" for one in overlapping]
    if known:
        said.append(f"the catalogue knows its host: [[sources]] {' or '.join(known)} is enough")
    return said


def without_declared(
    config: "Config", declaration: dict[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """Leave out the addresses that another source reads already, and say so."""
    from spiders.site_scope import keys_of

    read = {key: one.id for one in config.sources for key in keys_of(one.addresses)}
    left: list[str] = []
    kept = dict(declaration)
    for kind in LISTS:
        known = {
            one: read[key]
            for one in declaration.get(kind, ())
            for key in keys_of([one])
            if key in read
        }
        kept[kind] = [one for one in declaration.get(kind, ()) if one not in known]
        left += [f"left out, as {known[one]!r} reads it: {one}" for one in known]
    return kept, left


def _addresses(entry: dict[str, Any]) -> Iterable[str]:
    return (entry["homepage"], *(one for kind in LISTS for one in entry.get(kind, ())))
