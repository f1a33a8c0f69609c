"""Ends a script that has used pyarrow."""

import os
import sys


def leave():
    """Exits with 0 at once. pyarrow's threads, which the interpreter's own end takes away from under it, now and then abort the
    process after all is done ("terminate called without an active exception")."""
    sys.stdout.flush()
    os._exit(0)
