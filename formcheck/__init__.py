"""formcheck: measures squat and lunge form in video, and says with numbers what it saw."""
