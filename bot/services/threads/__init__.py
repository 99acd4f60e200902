"""Talks with a human: what people and the team say to each other, and how it is passed on."""
