"""What changed content does to stored answers. It is shown before the content is used."""
