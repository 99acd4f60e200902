"""The database room: tables, queries by subject, migrations, and how a use case becomes one transaction.

A use case is a plain function over a `sqlalchemy.Connection`; `Database.run` gives it a transaction of its own.
"""
