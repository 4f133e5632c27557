"""Python reads this at its start in processes that tests start with this folder on their path."""

import seen_system

seen_system.install()
