"""`python -m imageapis.cli` is `imageapis`."""

from imageapis.cli import main

main()
