"""Tests of `streams.transition`."""
