"""`python -m oncoresist` is `oncoresist`."""

from oncoresist.cli import main

main()
