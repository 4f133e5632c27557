"""Sessions beside sessions: what counts as a change."""
