"""Jinja templates: a team's own before the built-in ones.

A template of a team's that is broken, endless or too large never holds up a message: the
built-in one is used in its place, and what is wrong is said. Templates run in Jinja's
sandbox; what they print is made fit to be shown (`alerts.wording.visible`), and escaped in
those whose name holds `.html`.
"""

import logging
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from alerts.wording import cut, one_line, visible

BUILT_IN_FOLDER = Path(__file__).parent / "templates"
LONGEST_S = 1.0
LARGEST = 1_000_000
"""Characters that a template of a team's may print, or make of one expression."""
_FORMATTING = {"center", "expandtabs", "format", "format_map", "ljust", "rjust", "zfill"}
_PADDING_FILTERS = ("center", "format", "indent")

log = logging.getLogger("decreewatch.templates")


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a template printed; `problem` says why it was not the team's own that did."""

    text: str
    problem: str = ""


class BrokenTemplate(Exception):
    """A template that prints too much, too long or nothing at all."""


class Templates:
    """The built-in templates, and those in `folder` that stand before them.

    A template of one's own may extend or include the built-in one as `builtin/NAME`.
    """

    def __init__(
        self, folder: Path | None = None, filters: dict[str, Callable[..., Any]] | None = None
    ) -> None:
        built_in = FileSystemLoader(BUILT_IN_FOLDER)
        self._built_in = _environment(built_in, filters or {})
        self._folder = folder
        self._own: _Sandbox | None = None
        self._told: set[str] = set()
        if folder is not None:
            loaders = [FileSystemLoader(folder), PrefixLoader({"builtin": built_in}), built_in]
            self._own = _environment(ChoiceLoader(loaders), filters or {})

    def render(self, name: str, **values: Any) -> Rendered:
        """What the template `name` prints for `values`, stripped of space around it."""
        problem = ""
        if self._own is not None:
            try:
                return Rendered(self._guarded(self._own, name, values))
            except Exception as error:
                problem = _problem(name, error)
                self._tell(problem)
        return Rendered(
            "".join(self._built_in.get_template(name).generate(**values)).strip(), problem
        )

    def _guarded(self, environment: "_Sandbox", name: str, values: dict[str, Any]) -> str:
        if self._folder is not None and not self._folder.is_dir():
            raise BrokenTemplate(f"there is no folder {self._folder}")
        with _at_most(LONGEST_S) if self._has_own() else nullcontext():
            return _printed(environment, name, values)

    def _has_own(self) -> bool:
        return self._folder is not None and any(self._folder.rglob("*.j2"))

    def _tell(self, problem: str) -> None:
        if problem not in self._told:
            self._told.add(problem)
            log.warning("%s", problem)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, which also refuses to make huge values out of small ones."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if operator == "%" and not numbers:
            raise SecurityError("text is not formatted with % here; join it with ~")
        if operator == "*" and not numbers and _product(left, right) > LARGEST:
            raise SecurityError("a product that is too large")
        if operator == "**" and not (numbers and abs(left) <= 1000 and abs(right) <= 100):
            raise SecurityError("a power that is too large")
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, str) and attr in _FORMATTING:
            return False
        return super().is_safe_attribute(obj, attr, value)


def _environment(loader: BaseLoader, filters: dict[str, Callable[..., Any]]) -> _Sandbox:
    environment = _Sandbox(
        loader=loader,
        autoescape=lambda name: name is not None and ".html" in name,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in _PADDING_FILTERS:
        del environment.filters[name]
    environment.filters.update(filters)
    environment.filters["line"] = lambda value: one_line(str(value))
    return environment


def _shown(value: Any) -> Any:
    return value if hasattr(value, "__html__") else visible(str(value))


def _printed(environment: _Sandbox, name: str, values: dict[str, Any]) -> str:
    pieces: list[str] = []
    room = LARGEST
    for piece in environment.get_template(name).generate(**values):
        pieces.append(piece)
        room -= len(piece)
        if room < 0:
            raise BrokenTemplate(f"it prints more than {LARGEST:,} characters")
    text = "".join(pieces).strip()
    if not text:
        raise BrokenTemplate("it prints nothing")
    return text


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Stops, between two lines of Python, what takes longer; in this thread alone."""
    # Not by the clock: on a busy machine a good template stands still for seconds.
    end = time.thread_time() + seconds
    before = sys.gettrace()

    def watch(*_: Any) -> Any:
        if time.thread_time() > end:
            raise BrokenTemplate(f"it takes longer than {seconds:g} s")
        return watch

    sys.settrace(watch)
    try:
        yield
    finally:
        sys.settrace(before)


def _product(left: Any, right: Any) -> int:
    """How many elements a repeated text or list would have."""
    sizes = [len(one) if hasattr(one, "__len__") else abs(int(one)) for one in (left, right)]
    return sizes[0] * sizes[1]


def _problem(name: str, error: Exception) -> str:
    where = _where(error)
    said = error.message if isinstance(error, TemplateError) and error.message else str(error)
    said = cut(one_line(said or type(error).__name__), 300)
    return f"The team's template {name} is broken ({where}{said}); the built-in one is used."


def _where(error: Exception) -> str:
    if isinstance(error, TemplateSyntaxError):
        return f"{one_line(error.name or 'it')} line {error.lineno}: "
    places = [
        one for one in traceback.extract_tb(error.__traceback__) if one.filename.endswith(".j2")
    ]
    return f"{Path(places[-1].filename).name} line {places[-1].lineno}: " if places else ""
