"""What reviews find again and again, and what is taught about it."""
