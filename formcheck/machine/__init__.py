"""What the operating system gives: files that appear whole, signals, confinement, stores, paths."""
