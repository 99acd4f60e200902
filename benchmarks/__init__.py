"""Measures what the documentation claims about speed and memory: `make bench`. See docs/performance.md."""
