"""The edge to Telegram, built on python-telegram-bot: what comes in, what goes out, and how it is drawn."""
