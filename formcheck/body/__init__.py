"""A body as arrays of numbers: pose, geometry, kinematics, view."""
