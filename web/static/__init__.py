"""Styles and scripts that the pages load from us."""
