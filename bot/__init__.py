"""Lotse: a chat guide for newcomers. The rooms and the direction of imports are in docs/architecture.md."""
