"""How facts find those who react, without imports going up.

`config/flow.py` is the table; this module resolves its dotted paths and calls them. The paths are
strings so that the table stays out of the import graph.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


@cache
def _table(path: str) -> Mapping[str, Sequence[str]]:
    table: Mapping[str, Sequence[str]] = import_string(path)
    return table


def reactions(speed: str, kind: str) -> Sequence[str]:
    """Dotted paths that hear of `kind` at `speed` ('IN_TRANSACTION' or 'AFTER_COMMIT'), in order.

    'custom.*' in the table stands for every kind of that beginning which has no line of its own.
    """
    table = _table(f"{settings.FLOW}.{speed}")
    return table.get(kind) or table.get(f"{kind.partition('.')[0]}.*", ())


def call(path: str, *args: Any, **kwargs: Any) -> Any:
    reaction: Callable[..., Any] = import_string(path)
    return reaction(*args, **kwargs)


def gather(name: str, *args: Any) -> Iterator[Any]:
    """What each of the paths under `name` in the table answers, one after the other."""
    for path in import_string(f"{settings.FLOW}.{name}"):
        yield from call(path, *args)


def hook(name: str, *args: Any, **kwargs: Any) -> Any:
    """Calls what `name` stands for in the table: a single path, like AUDIT or SUPPRESS."""
    return call(import_string(f"{settings.FLOW}.{name}"), *args, **kwargs)
