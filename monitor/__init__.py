"""Understand: topics, citations, lineage and what changed between legal texts."""
