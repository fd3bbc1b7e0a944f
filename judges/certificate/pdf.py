"""PyPI `pdf-oxide` on the printed certificates: PDF/A-3b, and what is inside them.

usage: pdf.py OUT, from the environment that has the package.
"""

import pathlib
import sys
import tempfile

from pdf_oxide import PdfDocument

LEVEL = "3a"
out = pathlib.Path(sys.argv[1])
held = 0


# What this judge says of every document: that it does not look at annotations. Ours have none.
USUAL = {"[WARN-007] Full annotation validation requires page-level access"}


def said(pdf):
    """What it has against a page."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        try:
            found = PdfDocument(file.name).validate_pdf_a(LEVEL)
        except Exception as e:  # A page too broken to open does not conform.
            return [str(e)]
        return [*found["errors"], *(w for w in found["warnings"] if w not in USUAL)]


for name in ["certificate.fr.pdf", "certificate.en.pdf"]:
    page = (out / "ed25519" / name).read_bytes()
    if against := said(page):
        sys.exit(f"FAILED: {name}: {against}")
    held += 1
    # Without what the level asks for, it must say no.
    for mark, other in [(b"/OutputIntents", b"/OutputIntentz"), (b"<pdfaid:part>3", b"<pdfaid:part>9"),
                        (b"/Metadata", b"/Metadatz"), (b"/FontFile3", b"/FontFilf3"),
                        (b"/AFRelationship", b"/AFRelationshiq")]:
        assert mark in page, mark
        if not said(page.replace(mark, other)):
            sys.exit(f"FAILED: {name}: accepted without {mark}")
        held += 1
print(f"pdf-oxide: {held} checks held (PDF/A-{LEVEL})")
