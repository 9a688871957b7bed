"""Loaded once by the server that crawl processes are forked from, so that they start quickly.

It loads what a crawl needs and installs nothing: no reactor, no connection, no thread.
"""

from importlib import import_module

from scrapy.settings import default_settings

from spiders.language import detect_language

_OURS = (
    "spiders.child",
    "spiders.robots",
    "storage.migrations",
    "alembic",
    "bs4",
    "charset_normalizer",
    "docx",
    "feedparser",
    "sqlalchemy.dialects.sqlite",
    "trafilatura",
    "warcio.warcwriter",
)
_SCRAPYS = (
    *default_settings.DOWNLOADER_MIDDLEWARES_BASE,
    *default_settings.SPIDER_MIDDLEWARES_BASE,
    *default_settings.EXTENSIONS_BASE,
    default_settings.DUPEFILTER_CLASS,
    default_settings.LOG_FORMATTER,
    default_settings.SCHEDULER,
    default_settings.SCHEDULER_MEMORY_QUEUE,
    default_settings.SCHEDULER_PRIORITY_QUEUE,
    default_settings.STATS_CLASS,
    default_settings.DOWNLOAD_HANDLERS_BASE["https"],
)

for _name in (*_OURS, *(path.rpartition(".")[0] for path in _SCRAPYS)):
    import_module(_name)
# The first call loads the model, which every crawl would otherwise load for itself.
detect_language("Sentences of some length, so that a model must decide on their language.")
