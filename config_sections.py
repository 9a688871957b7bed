"""What the sections of the configuration are made of: the base class, and types of values."""

from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    TypeAdapter,
)

_URL = TypeAdapter(HttpUrl)


def _url(value: str) -> str:
    _URL.validate_python(value)
    return value


def _seconds(value: object) -> object:
    """Read "90s", "15m", "6h" or "2d" as seconds."""
    if not isinstance(value, str):
        return value
    units = {"s": 1, "m": 60, "h": 3600, "d": 86400}
    number, unit = value[:-1].strip(), value[-1:]
    if unit not in units or not number.replace(".", "", 1).isdigit():
        raise ValueError('a span of time such as "90s", "15m", "6h" or "2d"')
    return float(number) * units[unit]


Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Url = Annotated[str, AfterValidator(_url)]
Span = Annotated[float, BeforeValidator(_seconds), Field(gt=0)]
EnvName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]


class Section(BaseModel):
    """What all sections share: they cannot be changed, and know no other keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)
