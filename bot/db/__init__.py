"""The database room: tables, queries by subject, migrations, and how a use case becomes one transaction.

A use case is a plain function that takes a `sqlalchemy.Connection`. `Database.run` runs it in a transaction of its
own.
"""
