"""Stage register: keeps the facts; at a checkpoint scans them, nets the answers, and rolls the sealed lists."""

from agents.register.stage import Register

__all__ = ["Register"]
