"""What a process has loaded once it works stays for good; looking through it for garbage finds none."""

import gc


def leave_what_is_loaded() -> None:
    """Called when a process is ready. A batch of 500 decisions makes tens of thousands of objects that live for a moment,
    and each few hundred of them set the collector to go through Django and every library again: a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
