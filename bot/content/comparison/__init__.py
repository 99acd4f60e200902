"""What a changed content does to the answers that are stored: said before it is used."""
