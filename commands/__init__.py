"""The commands: each group registers its arguments and calls one function a command."""
