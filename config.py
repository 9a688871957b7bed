"""config.toml → frozen, validated objects. An error names the key and what was expected."""

import tomllib
from pathlib import Path
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator, model_validator

from config_channels import AppriseChannel as AppriseChannel
from config_channels import AtomChannel as AtomChannel
from config_channels import Channel as Channel
from config_channels import ConsoleChannel as ConsoleChannel
from config_channels import MailChannel as MailChannel
from config_channels import SlackChannel as SlackChannel
from config_channels import Templates as Templates
from config_channels import WebhookChannel as WebhookChannel
from config_daemon import Daemon as Daemon
from config_daemon import Retention as Retention
from config_daemon import Schedule as Schedule
from config_digest import Digest as Digest
from config_documents import Documents as Documents
from config_errors import ConfigError as ConfigError
from config_errors import line, listed
from config_rules import Quiet as Quiet
from config_rules import Rule as Rule
from config_sections import EnvName, Id, Section, Span, Url
from config_sources import SourceDeclaration as SourceDeclaration
from config_watching import Calendar as Calendar
from config_watching import Watch as Watch
from config_web import Web as Web

HERE = Path(__file__).parent
CATALOGUES = {
    "sources": tuple(
        HERE / "spiders" / f"catalogue_{part}.toml" for part in ("vietnam", "world", "portals")
    ),
    "topics": (HERE / "monitor" / "topics.toml",),
}
"""What is known out of the box; a configuration names its entries by id."""


class Storage(Section):
    """Where everything is kept. `database_env` names a variable with a PostgreSQL URL."""

    path: Path = Path("var")
    models: Path | None = None
    database_env: EnvName = "DECREEWATCH_DATABASE_URL"

    @property
    def models_path(self) -> Path:
        """The folder in which embedding models are prepared."""
        return self.models or self.path / "models"


class Politeness(Section):
    """How we behave towards the sites we read; times in seconds, sizes in bytes.

    `allow_private` names hosts (with port) on private addresses that may be asked all the
    same, such as the newsroom's on loopback.
    """

    contact: str = Field(min_length=3)
    delay: Span = 2.0
    timeout: Span = 30.0
    round_limit: Span = 600.0
    max_bytes: int = Field(default=20_000_000, gt=0)
    max_pages: int = Field(default=300, gt=0)
    parallel: int = Field(default=2, ge=1, le=32)
    allow_private: tuple[str, ...] = ()
    retries: int = Field(default=2, ge=0, le=10)


class Embedding(Section):
    """The model: `builtin`, a folder, or a name on a model hub.

    `precision` is what it computes in; "auto" measures what is fastest on this machine.
    """

    model: str = Field(default="builtin", min_length=1)
    threads: int = Field(default=0, ge=0)
    precision: Literal["auto", "float32", "bfloat16", "int8"] = "auto"


class Bilingual(Section):
    """The same said in both languages."""

    en: str = Field(min_length=1)
    vi: str = Field(min_length=1)


class Topic(Section):
    """A topic of regulation: an item carries it when its score reaches `threshold`."""

    id: Id
    name: str
    description: Bilingual
    examples: tuple[str, ...] = ()
    threshold: float = Field(default=0.5, ge=0, le=1)


class Instrument(Section):
    """A watched instrument: where its drafts and its enacted text are published.

    A document belongs to it when its address starts with one of `drafts` or `enacted`, when
    its number is `number`, or when it replaces or amends `replaces` / `amends` and its title
    holds all of `keywords`.
    """

    id: Id
    name: str
    drafts: tuple[Url, ...] = ()
    enacted: tuple[Url, ...] = ()
    number: str = ""
    amends: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _can_be_known(self) -> Self:
        if not (self.drafts or self.enacted or self.number or self.keywords):
            raise ValueError("drafts, enacted, number or keywords to know its texts by")
        return self


class Config(Section):
    """The whole configuration."""

    timezone: str = "Asia/Ho_Chi_Minh"
    storage: Storage = Storage()
    politeness: Politeness
    documents: Documents = Documents()
    schedule: Schedule = Schedule()
    daemon: Daemon = Daemon()
    retention: Retention = Retention()
    embedding: Embedding = Embedding()
    sources: tuple[SourceDeclaration, ...]
    topics: tuple[Topic, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    channels: tuple[Channel, ...] = ()
    templates: Templates = Templates()
    quiet: Quiet = Quiet()
    watch: Watch = Watch()
    calendar: Calendar | None = None
    rules: tuple[Rule, ...] = ()
    digest: Digest = Digest()
    web: Web = Web()

    @property
    def zone(self) -> ZoneInfo:
        """The reader's time zone."""
        return ZoneInfo(self.timezone)

    @model_validator(mode="after")
    def _names_are_declared_once(self) -> Self:
        if not self.sources:
            raise ValueError("sources: expected at least one")
        for section in ("sources", "topics", "instruments", "channels", "rules"):
            ids = [declared.id for declared in getattr(self, section)]
            for number, one in enumerate(ids):
                if one in ids[:number]:
                    raise ValueError(f"{section}[{number}].id: {one!r} is declared twice")
        for name in self.calendar.instruments if self.calendar else ():
            if name not in {one.id for one in self.instruments}:
                raise ValueError(f"calendar.instruments: {name!r} is not under [[instruments]]")
        channels = {one.id for one in self.channels}
        for name in self.digest.channels:
            if name not in channels:
                raise ValueError(
                    f"digest.channels: {name!r} is not declared under [[channels]]; "
                    f"there are: {listed(channels)}"
                )
        for number, rule in enumerate(self.rules):
            for section in ("channels", "topics", "sources", "instruments"):
                declared = {one.id for one in getattr(self, section)}
                for name in getattr(rule, section):
                    if name not in declared:
                        raise ValueError(
                            f"rules[{number}].{section}: {name!r} is not declared under "
                            f"[[{section}]]; there are: {listed(declared)}"
                        )
        return self

    @field_validator("timezone")
    @classmethod
    def _exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError('a time zone such as "Asia/Ho_Chi_Minh"') from error
        return value


def load(path: Path) -> Config:
    """Read and validate a configuration file.

    A source or topic that is given by its `id` alone (and what it overrides) is filled in from
    the catalogue.
    Relative folders in it are relative to the current folder.

    Raises ConfigError with one line for each thing that is wrong.
    """
    raw = _read_toml(path)
    try:
        return Config.model_validate(_filled_in(raw, path))
    except ValidationError as error:
        lines = [line(path, raw, dict(one)) for one in error.errors(include_url=False)]
        raise ConfigError("\n".join(dict.fromkeys(lines))) from error


def catalogue(section: str) -> dict[str, dict[str, Any]]:
    """The sources or topics known out of the box, by id, as they are declared."""
    return {
        entry["id"]: entry for path in CATALOGUES[section] for entry in _read_toml(path)[section]
    }


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            return tomllib.load(stream)
    except FileNotFoundError as error:
        raise ConfigError(
            f"{path}: no such file. Name one with --config FILE, or run where config.toml lies."
        ) from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 text (byte {error.start + 1})") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error


def _filled_in(raw: dict[str, Any], path: Path) -> dict[str, Any]:
    """Complete the sources and topics that are given by id, from the catalogues."""
    filled = dict(raw)
    for section in CATALOGUES:
        declared = raw.get(section)
        if isinstance(declared, list):
            known = catalogue(section)
            filled[section] = [
                _entry(path, section, number, entry, known) for number, entry in enumerate(declared)
            ]
    return filled


def _entry(path: Path, section: str, number: int, entry: Any, known: dict[str, Any]) -> Any:
    if not isinstance(entry, dict) or "name" in entry:
        return entry
    if entry.get("id") in known:
        return known[entry["id"]] | entry
    raise ConfigError(
        f"{path}: {section}[{number}].id: {entry.get('id')!r} is not in the catalogue; expected "
        f"one of {listed(known)}, or a whole declaration with its name"
    )
