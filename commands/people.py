"""Who may see the pages, by the command line: people, their tokens, and what they changed."""

import argparse
import getpass
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from commands.session import (
    CommandParser,
    archive_of,
    config_of,
    now,
    positive,
    print_json,
    say,
    table,
    whose,
)
from storage.problems import Problem
from storage.roles import LOCAL, ROLES, SCOPES

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from storage.models_people import ApiToken, Person

DAYS = 90
"""For how many days a token holds unless asked for another number."""


class NoPassword(Problem):
    """No password was given, or not the same one twice."""

    kind: ClassVar[str] = "no-password"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    users = commands.add_parser("users", help="who may see the pages, and change what")
    actions = users.add_subparsers(metavar="ACTION", required=True, parser_class=CommandParser)
    listing = actions.add_parser("list", help="everybody")
    listing.set_defaults(run=list_people)
    adding = _about_one(actions, "add", "let somebody in; asks for the password", add)
    adding.add_argument("--role", choices=ROLES, default=ROLES[0], help="what they may")
    adding.add_argument(
        "--no-password", action="store_true", help="a proxy says who they are, or only tokens do"
    )
    ruling = _about_one(actions, "role", "give somebody another role", change_role)
    ruling.add_argument("role", choices=ROLES)
    _about_one(actions, "password", "give somebody another password", change_password)
    _about_one(actions, "remove", "let somebody in no more", remove)
    _register_tokens(commands)


def _about_one(
    actions: "argparse._SubParsersAction[CommandParser]", name: str, does: str, run: Any
) -> CommandParser:
    parser = actions.add_parser(name, help=does)
    parser.add_argument("name", metavar="NAME", help="as they log in by it")
    parser.add_argument("--by", metavar="WHO", help="who makes the change (default: you)")
    parser.set_defaults(run=run)
    return parser


def _register_tokens(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    tokens = commands.add_parser("tokens", help="what programs show to act for somebody")
    actions = tokens.add_subparsers(metavar="ACTION", required=True, parser_class=CommandParser)
    listing = actions.add_parser("list", help="the tokens that hold")
    listing.add_argument("--for", dest="owner", default="", metavar="NAME", help="this person's")
    listing.add_argument("--all", action="store_true", help="those that hold no more too")
    listing.set_defaults(run=list_tokens)
    making = actions.add_parser("add", help="make a token, and show it this once")
    making.add_argument("label", help="what it is for")
    making.add_argument(
        "--for", dest="owner", default=LOCAL, metavar="NAME",
        help=f"for whom it acts (default: {LOCAL}, where no login is asked for)",
    )  # fmt: skip
    making.add_argument(
        "--scope", action="append", choices=SCOPES, help="what it may (default: read); repeatable"
    )
    making.add_argument("--days", type=positive, default=DAYS, help=f"up to 366 (default {DAYS})")
    making.add_argument("--by", metavar="WHO", help="who makes it (default: you)")
    making.set_defaults(run=add_token)
    revoking = actions.add_parser("revoke", help="make a token useless")
    revoking.add_argument("id", type=positive, help="its number in `tokens list`")
    revoking.add_argument("--by", metavar="WHO", help="who does (default: you)")
    revoking.set_defaults(run=revoke_token)


def list_people(args: argparse.Namespace) -> int:
    """Show everybody."""
    config = config_of(args)
    with archive_of(config) as archive, archive.reading() as tx:
        found = [_person_json(one) for one in tx.people.all()]
    if args.json:
        print_json(found)
    elif found:
        rows = [
            [
                one["name"],
                one["role"],
                "by a password" if one["password"] else "",
                one["made_at"][:10],
            ]
            for one in found
        ]
        table("People", ["name", "role", "logs in", "since"], rows)
    else:
        say("nobody is here yet; `decreewatch users add NAME` lets somebody in")
    return 0


def add(args: argparse.Namespace) -> int:
    """Let somebody in."""
    from storage.credentials import hash_password
    from storage.people import named

    config, name = config_of(args), named(args.name)
    kept = "" if args.no_password else hash_password(_password(name), name)
    at = now()
    with archive_of(config) as archive, archive.transaction() as tx:
        person = tx.people.add(name, args.role, at, password_hash=kept)
        tx.audit.record(whose(args), "person.added", f"person:{name}", at, {"role": args.role})
        said = _person_json(person)
    return _told(args, said, f"{name} may come in as {args.role}")


def change_role(args: argparse.Namespace) -> int:
    """Give somebody another role."""
    at = now()
    with archive_of(config_of(args)) as archive, archive.transaction() as tx:
        before = tx.people.known(args.name).role
        person = tx.people.change_role(args.name, args.role)
        detail = {"from": before, "to": person.role}
        tx.audit.record(whose(args), "person.role-changed", f"person:{person.name}", at, detail)
        said = _person_json(person)
    return _told(args, said, f"{person.name} is {person.role} now")


def change_password(args: argparse.Namespace) -> int:
    """Give somebody another password; their logins end."""
    from storage.credentials import hash_password

    config = config_of(args)
    with archive_of(config) as archive:
        with archive.reading() as tx:
            name = tx.people.known(args.name).name
        kept, at = hash_password(_password(name), name), now()
        with archive.transaction() as tx:
            person = tx.people.change_password(name, kept)
            ended = tx.logins.end_all(person)
            detail = {"ended": ended}
            tx.audit.record(whose(args), "person.password-changed", f"person:{name}", at, detail)
            said = _person_json(person)
    return _told(args, said, f"{name} has another password; logins ended: {ended}")


def remove(args: argparse.Namespace) -> int:
    """Let somebody in no more."""
    with archive_of(config_of(args)) as archive, archive.transaction() as tx:
        person = tx.people.known(args.name)
        said = _person_json(person)
        tx.people.remove(person.name)
        detail = {"role": said["role"]}
        tx.audit.record(whose(args), "person.removed", f"person:{said['name']}", now(), detail)
    return _told(args, said, f"{said['name']} may come in no more")


def list_tokens(args: argparse.Namespace) -> int:
    """Show tokens, newest first."""
    from storage.tokens import holds

    config, at = config_of(args), now()
    with archive_of(config) as archive, archive.reading() as tx:
        rows = [row for row in tx.tokens.of(args.owner) if args.all or holds(row, at)]
        found = [_token_json(row, at) for row in rows]
    if args.json:
        print_json(found)
    elif found:
        columns = ["", "for", "label", "may", "until", "last used"]
        table("Tokens", columns, [_token_row(one, config.zone) for one in found])
    else:
        say("no token holds; `decreewatch tokens add LABEL` makes one")
    return 0


def add_token(args: argparse.Namespace) -> int:
    """Make a token, and print it."""
    from storage.credentials import digest, new_token

    config, at, token = config_of(args), now(), new_token()
    with archive_of(config) as archive, archive.transaction() as tx:
        owner = args.owner
        if owner != LOCAL and config.web.auth != "proxy":
            owner = tx.people.known(owner).name
        row = tx.tokens.add(
            owner, args.label, args.scope or ["read"], digest(token), at,
            lasts=timedelta(days=args.days),
        )  # fmt: skip
        detail = {"for": owner, "label": row.label, "scopes": row.scopes, "days": args.days}
        tx.audit.record(whose(args), "token.made", f"token:{row.id}", at, detail)
        said = _token_json(row, at) | {"token": token}
    if args.json:
        print_json(said)
    else:
        say("copy the token now; only a hash of it is kept:")
        print(token)
    return 0


def revoke_token(args: argparse.Namespace) -> int:
    """Make a token useless."""
    at = now()
    with archive_of(config_of(args)) as archive, archive.transaction() as tx:
        row = tx.tokens.revoke(args.id, at)
        detail = {"for": row.owner, "label": row.label}
        tx.audit.record(whose(args), "token.revoked", f"token:{row.id}", at, detail)
        said = _token_json(row, at)
    return _told(args, said, f"token {said['id']} ({said['label']}) is of no use any more")


def _password(name: str) -> str:
    """A new password: asked for twice at a terminal, else the first line of standard input."""
    if not sys.stdin.isatty():
        given = sys.stdin.readline().rstrip("\r\n")
        if not given:
            raise NoPassword("no password came on standard input; its first line is taken")
        return given
    given = getpass.getpass(f"Password for {name}: ")
    if getpass.getpass("The same again: ") != given:
        raise NoPassword("these were two different passwords; nothing was changed")
    return given


def _told(args: argparse.Namespace, said: dict[str, Any], line: str) -> int:
    if args.json:
        print_json(said)
    else:
        print(line)
    return 0


def _person_json(person: "Person") -> dict[str, Any]:
    return {
        "name": person.name,
        "role": person.role,
        "password": bool(person.password_hash),
        "made_at": person.made_at.isoformat(),
    }


def _token_json(row: "ApiToken", at: "datetime") -> dict[str, Any]:
    from storage.tokens import holds

    return {
        "id": row.id,
        "for": row.owner,
        "label": row.label,
        "scopes": row.scopes,
        "made_at": row.made_at.isoformat(),
        "expires_at": row.expires_at.isoformat(),
        "used_at": row.used_at.isoformat() if row.used_at else None,
        "holds": holds(row, at),
    }


def _token_row(said: dict[str, Any], zone: "ZoneInfo") -> list[str]:
    from datetime import datetime

    def day(text: str | None) -> str:
        return datetime.fromisoformat(text).astimezone(zone).strftime("%Y-%m-%d") if text else ""

    until = day(said["expires_at"]) + ("" if said["holds"] else " (over)")
    may = ", ".join(said["scopes"])
    return [str(said["id"]), said["for"], said["label"], may, until, day(said["used_at"])]
