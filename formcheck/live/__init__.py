"""The live check at a computer: its loop, screen, voice and recorder."""
