"""`python -m cisgraph`: the command line."""

from cisgraph.cli.app import main

main()
