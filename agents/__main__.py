"""`python -m agents` is the command `dtsen`."""

from agents.cli import main

if __name__ == "__main__":
    main(prog_name="dtsen")
