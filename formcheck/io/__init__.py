"""Everything that touches files, cameras, models and screens."""
