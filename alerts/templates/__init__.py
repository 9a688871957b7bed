"""Templates of messages, one for each medium."""
