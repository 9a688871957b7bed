"""The rules of the house: who may import whom, and what may happen where."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("spiders", "storage", "monitor", "alerts", "web", "newsroom", "commands")
OURS = {*ROOMS, "config", "decreewatch"}
MAY_IMPORT = {
    "config": set(),
    "storage": set(),
    "spiders": {"storage", "config"},
    "monitor": {"storage", "config"},
    "alerts": {"storage", "config"},
    "web": {"storage", "config", "monitor", "alerts"},
    "newsroom": set(),
    "commands": OURS,
    "decreewatch": OURS,
}
HEAVY = {
    "docx", "numpy", "pdfplumber", "pypdf", "scipy", "scrapy", "sentence_transformers", "sklearn",
    "sqlalchemy", "torch", "trafilatura", "transformers", "twisted",
}  # fmt: skip
WITHIN_FUNCTIONS = {
    "scrapy", "sentence_transformers", "torch", "trafilatura", "transformers", "twisted",
}  # fmt: skip

LOADED_LATE = {"monitor.int8_linear"}
"""Modules made of what is heavy, which only functions may import."""


def dotted(path: Path) -> str:
    """A file's name as a module."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def files(room: str) -> list[Path]:
    found = sorted((ROOT / room).rglob("*.py") if room in ROOMS else ROOT.glob(f"{room}*.py"))
    return [path for path in found if "__pycache__" not in path.parts]


@cache
def trees() -> dict[Path, ast.Module]:
    """Every file of the program, parsed."""
    return {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for room in sorted(OURS)
        for path in files(room)
    }


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room_of(path: Path) -> str:
    return room_named(path.relative_to(ROOT).parts[0].removesuffix(".py"))


def room_named(module: str) -> str:
    """The room of a module at the top; the files of the configuration are one."""
    return "config" if module.startswith("config_") else module


def imported(path: Path, nodes: Iterable[ast.AST]) -> set[str]:
    """The modules that these nodes of a file import, by their full names."""
    package = path.relative_to(ROOT).parent.parts
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            names.add(".".join([*start, *([node.module] if node.module else [])]))
    return names


def tops(names: set[str]) -> set[str]:
    return {room_named(name.partition(".")[0]) for name in names}


def at_once(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The statements that run when a module is imported."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield node
        for inner in ("body", "orelse", "handlers", "finalbody"):
            yield from at_once(getattr(node, inner, []))


def test_imports_run_one_way() -> None:
    wrong = [
        f"{named(path)} imports {room}"
        for path, tree in trees().items()
        for room in sorted(tops(imported(path, ast.walk(tree))) & OURS)
        if room not in MAY_IMPORT[room_of(path)] | {room_of(path)}
    ]
    assert wrong == []


def test_the_comparison_is_a_library_of_its_own() -> None:
    wrong = [
        f"{named(path)} imports {name}"
        for path, tree in trees().items()
        if named(path).startswith("monitor/legal/")
        for name in sorted(imported(path, ast.walk(tree)))
        if name.partition(".")[0] in OURS and not name.startswith("monitor.legal")
    ]
    assert wrong == []


def test_the_database_has_one_door() -> None:
    wrong = [
        f"{named(path)} imports {name}"
        for path, tree in trees().items()
        if room_of(path) != "storage"
        for name in tops(imported(path, ast.walk(tree))) & {"sqlalchemy", "alembic", "psycopg"}
    ]
    assert wrong == []


def test_only_programs_print() -> None:
    wrong = [
        f"{named(path)} prints on line {node.lineno}"
        for path, tree in trees().items()
        if not may_print(path, tree)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]
    assert wrong == []


def may_print(path: Path, tree: ast.Module) -> bool:
    """Commands, the channel that prints, and what of the newsroom can be started by itself."""
    is_program = any(
        isinstance(node, ast.If) and "__name__" in ast.dump(node.test) for node in tree.body
    )
    return (
        room_of(path) in ("commands", "decreewatch")
        or named(path) == "alerts/channels/console.py"
        or (room_of(path) == "newsroom" and is_program)
    )


def test_what_is_heavy_is_imported_by_the_function_that_needs_it() -> None:
    wrong = [
        f"{named(path)} imports {name}"
        for path, tree in trees().items()
        for name in sorted(tops(imported(path, at_once(tree.body))) & WITHIN_FUNCTIONS)
        if not (room_of(path) == "spiders" and name in ("scrapy", "twisted"))
        and dotted(path) not in LOADED_LATE
    ]
    early = [
        f"{named(path)} imports {name}"
        for path, tree in trees().items()
        for name in sorted(imported(path, at_once(tree.body)) & LOADED_LATE)
    ]
    assert wrong + early == []


def test_the_command_line_starts_without_anything_heavy() -> None:
    script = "import sys, decreewatch; decreewatch.build_parser(); print(*sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in said.stdout.split()}
    assert not loaded & HEAVY


def test_every_room_has_files() -> None:
    assert all(files(room) for room in OURS)


def test_everything_beside_the_rooms_is_installed_with_them() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    beside = {path.stem for path in ROOT.glob("*.py")}
    assert set(project["tool"]["setuptools"]["py-modules"]) == beside
