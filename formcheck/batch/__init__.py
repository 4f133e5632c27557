"""Many recordings at once: worker processes, one row for each that fails, and results that a later run completes."""
