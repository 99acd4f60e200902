"""What leaves for a coordinator's desk: profiles as a workbook, as CSV files, as JSON. The database is only read."""
