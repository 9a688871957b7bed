"""Loaded once by the server that crawl processes are forked from, so that they start quickly.

It loads what a crawl needs and installs nothing: no reactor, no connection, no thread.
"""

from importlib import import_module

for _name in (
    "spiders.child",
    "scrapy.core.downloader.handlers.http11",
    "trafilatura",
    "bs4",
    "feedparser",
    "charset_normalizer",
    "warcio.warcwriter",
    "alembic",
):
    import_module(_name)
