"""Gather: from feeds, sitemaps, listings and legal portals into the archive."""
