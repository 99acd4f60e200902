"""What every room says to whoever runs Lotse, when it cannot go on."""

from __future__ import annotations


class ForOperator(Exception):
    """Its text is for whoever runs Lotse: what is wrong, and how to mend it. The command line prints it and ends."""

    passes = False
    """Whether it may pass by itself: whoever watches over the bot may start it again."""
