"""What goes wrong in the program."""

from __future__ import annotations


class Error(Exception):
    """What the program says when it cannot do what it was asked, and the exit code of that.

    The code is 2 for the caller's mistakes and 1 for what ran and fell short; below 0 it is minus the signal that ended
    the program.

    >>> error = Error("TARGET: unknown target 'donot'; did you mean 'donut'?", 2)
    >>> error.message
    "TARGET: unknown target 'donot'; did you mean 'donut'?"
    >>> error.exit_code
    2
    """

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message, exit_code)  # all that pickle needs to make it again
        self.message = message
        self.exit_code = exit_code

    def __str__(self) -> str:
        return self.message
