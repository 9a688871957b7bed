"""One file a question; each prints a table beside its baselines, in one run."""
