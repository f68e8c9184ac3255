"""Tests of `agents.transition`."""
