"""One file per question; its docstring is the question. They read daily sums and the ledger, never rounds."""
