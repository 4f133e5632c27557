"""Renders dressed human bodies that squat, lunge and work on one leg, with the exact truth of every frame.

A tool beside formcheck: it makes the clips in `sample_videos/` and those that the accuracy benchmark
measures against. formcheck never imports it and it imports nothing of formcheck. It is a
distribution of its own (`pip install ./formcheck_render`; the development install of formcheck has it too)
and needs an EGL driver; Mesa's software renderer is enough.

World: +x the subject's left, -y forward, +z up, metres, floor at z = 0. Pixels: x right, y down, the
origin at the top left corner of the picture. "Left" and "right" are always the subject's.
"""
