"""One form for all spellings of a name, so that "oberg" finds Öberg. Done by PostgreSQL, so that an index can."""

import unicodedata

from django.db.models import F, Func, TextField

_FROM = "àáâãäåāăąçćčďđèéêëēėęěğìíîïīįłñńňòóôõöøōőŕřśşšťţùúûüūůűųýÿźżžæœß"
_TO = "aaaaaaaaacccddeeeeeeeegiiiiiilnnnoooooooorrsssttuuuuuuuuyyzzzaos"


class Folded(Func):
    """Folded("first_name"): small letters without their marks."""

    template = f"translate(lower(%(expressions)s), '{_FROM}', '{_TO}')"
    output_field = TextField()

    def __init__(self, expression: str | F, **extra: object) -> None:
        super().__init__(expression, **extra)


def folded(words: str) -> str:
    """The same in Python, for what is searched for."""
    return unicodedata.normalize("NFC", words).lower().translate(str.maketrans(_FROM, _TO))
