"""The stage integrity: keeps the visits of officers, and tells what is improbable about them."""

from agents.integrity.stage import Integrity

__all__ = ["Integrity"]
