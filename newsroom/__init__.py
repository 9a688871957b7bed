"""An invented press and legal portal on loopback, in which seven days pass."""
