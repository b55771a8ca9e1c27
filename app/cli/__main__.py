"""`python -m app.cli` is `mgi`."""

from app.cli import main

main()
