"""The families of legal portals."""

from spiders.families import Family

PORTAL_FAMILIES: tuple[Family, ...] = ()
