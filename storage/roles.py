"""What people and tokens may, by name."""

from typing import Literal, get_args

Role = Literal["reader", "analyst", "admin"]
Scope = Literal["read", "label", "alerts", "admin"]

ROLES: tuple[Role, ...] = get_args(Role)
"""From the least to the most: who has a role may what those before it may."""
SCOPES: tuple[Scope, ...] = get_args(Scope)
LOCAL = "local"
"""The name of whoever sits at the machine, where no login is asked for."""
_NEEDED: dict[Scope, Role] = {
    "read": "reader",
    "label": "analyst",
    "alerts": "analyst",
    "admin": "admin",
}


def at_least(role: Role, needed: Role) -> bool:
    """Whether a role may what another may."""
    return ROLES.index(role) >= ROLES.index(needed)


def offered(role: Role) -> tuple[Scope, ...]:
    """The scopes that are of use to somebody with this role."""
    return tuple(scope for scope in SCOPES if at_least(role, _NEEDED[scope]))
