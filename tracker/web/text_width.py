"""How wide a line of text will be, near enough to keep two labels of a picture apart."""

from functools import lru_cache

TEXT_SIZE = 15  # pixels, as static/look.css sets pictures
SAFETY = 1.06  # other system fonts run a little wider than Helvetica
BOLD = 1.08

# Widths of Helvetica in thousandths of its size, by the characters that share them.
WIDTHS = {
    222: "ijl‘’'|",
    278: "ft ,.:;/!IÍÎ\\[]",
    333: 'r()-“”"`',
    500: "cksvxyzJ",
    556: "abdeghnopqu0123456789L–_?$#",
    584: "+=<>~",
    611: "FTZ",
    667: "ABEKPSVXY&",
    722: "CDHNRUw",
    778: "GOQ",
    833: "mM",
    944: "W",
    1000: "—…%@",
}
WIDTH_OF = {character: width for width, characters in WIDTHS.items() for character in characters}
OTHERWISE = 640


@lru_cache(maxsize=4096)  # a picture asks for the same words at every place it tries
def text_width(text: str, *, bold: bool = False) -> float:
    """In pixels at the size of a picture's text."""
    thousandths = sum(WIDTH_OF.get(character, OTHERWISE) for character in text)
    return thousandths / 1000 * TEXT_SIZE * SAFETY * (BOLD if bold else 1)
