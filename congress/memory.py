"""What a process loads when it starts stays for its life."""

import gc


def settle() -> None:
    """Take all that is loaded by now out of the collector's rounds: going over the objects of the
    code itself stops a page or a job for a tenth of a second, again and again."""
    gc.collect()
    gc.freeze()
