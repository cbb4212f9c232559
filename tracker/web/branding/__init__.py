"""What dresses a partnership's pages: its colour as a style sheet, and its logo."""
