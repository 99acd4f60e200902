"""Telegram's side on this machine: a Bot API server that keeps Telegram's rules, and phones to talk to a bot.

For the demo and the tests only. Start at `bot.simulator.server`; importing this package alone costs nothing.
"""
