"""The main job from end to end: a synthetic kelurahan lives on a real Kafka, and its quarters are sealed."""

from agents.demo.story import FIRST, Demo

__all__ = ["FIRST", "Demo"]
