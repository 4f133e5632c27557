"""Pictures with their times, in and out: containers, videos, cameras, the writer."""
