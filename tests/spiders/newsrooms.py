"""The newsroom's configuration for a newsroom on a free port."""

import tomllib
from pathlib import Path

import newsroom
from config import Config


def newsroom_config(url: str, **politeness: object) -> Config:
    text = (Path(newsroom.__file__).parent / "newsroom.toml").read_text(encoding="utf-8")
    host = url.removeprefix("http://")
    raw = tomllib.loads(text.replace("http://newsroom", url).replace('"newsroom"', f'"{host}"'))
    kept = {"sources": raw["sources"], "politeness": raw["politeness"] | {"delay": "0.001s"}}
    kept["politeness"] |= politeness
    return Config.model_validate(kept)
