"""Every error a user can cause, and nothing else.

    FormcheckError              exit code 1, printed as one line
    ├── InputError              what was given cannot be analysed
    │   ├── VideoError          a video that is missing, unreadable or empty
    │   ├── CameraError         a camera that is missing, busy, or gone in the middle
    │   └── LandmarkFileError   a landmark table that is not ours
    ├── ModelError              a pose model that is missing or corrupt
    ├── DisplayError            no screen for a window
    ├── SystemLibraryError      a shared library that the machine lacks
    ├── ProfileError            an unknown or malformed profile
    └── OutputError             results that cannot be written

A message says what was expected, what came and what to do, in one line.
"""

from __future__ import annotations


class FormcheckError(Exception):
    """Base of every error that is reported to the user as one line."""


class InputError(FormcheckError):
    """What was given cannot be analysed."""


class VideoError(InputError):
    """A video that is missing, unreadable or without a single picture."""


class CameraError(InputError):
    """A camera or stream that is missing, busy, not permitted, or gone in the middle."""


class LandmarkFileError(InputError):
    """A landmark table that does not follow the documented columns."""


class ModelError(FormcheckError):
    """A pose model that is missing, unknown or does not match its hash."""


class DisplayError(FormcheckError):
    """No screen on which a window could be opened."""


class SystemLibraryError(FormcheckError):
    """A shared library of the operating system that is not installed."""


class ProfileError(FormcheckError):
    """A profile that is unknown or malformed."""


class OutputError(FormcheckError):
    """Results that cannot be written."""
