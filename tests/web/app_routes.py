"""The routes of the application, those of the API among them."""

import re
from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount

from web.access import SAFE


def changing(app: FastAPI) -> Iterator[tuple[str, str, APIRoute]]:
    """Every method, path and route of the app that may change something."""
    for path, methods, route in walked(app.routes):
        for method in sorted(methods - set(SAFE)):
            yield method, path, route


def reading(app: FastAPI) -> Iterator[tuple[str, APIRoute]]:
    """Every path and route of the app that shows something."""
    for path, methods, route in walked(app.routes):
        if "GET" in methods and hasattr(route, "dependant"):
            yield path, route


def walked(routes: list[BaseRoute], below: str = "") -> Iterator[tuple[str, set[str], APIRoute]]:
    """The path below `below`, the methods and the route of each of these and their mounts."""
    for route in routes:
        if hasattr(route, "effective_route_contexts"):
            for one in route.effective_route_contexts():
                yield below + one.path, set(one.methods or ()), one
        elif isinstance(route, Mount):
            yield from walked(list(route.routes or []), below + route.path)
        elif getattr(route, "methods", None):
            yield below + route.path, set(route.methods), route


def dependants(route: APIRoute) -> Iterator[Dependant]:
    """What a route depends on, itself first."""
    waiting = [route.dependant]
    while waiting:
        one = waiting.pop()
        waiting += one.dependencies
        yield one


def filled(path: str, value: str = "1") -> str:
    """A path with a value in place of each of its parameters."""
    return re.sub(r"\{[^}]*\}", lambda _: value, path)
