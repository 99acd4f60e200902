"""Exports for a coordinator: profiles as a workbook, CSV files or JSON. The database is only read."""
