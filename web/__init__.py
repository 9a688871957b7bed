"""Pages for readers of the archive."""
