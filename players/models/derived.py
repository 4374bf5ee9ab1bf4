"""What PostgreSQL derives from a column, so that an index can: one form for all spellings, the day of an instant."""

import unicodedata

from django.db.models import DateField, Func, TextField

_FROM = "àáâãäåāăąçćčďđèéêëēėęěğìíîïīįłñńňòóôõöøōőŕřśşšťţùúûüūůűųýÿźżžæœß"
_TO = "aaaaaaaaacccddeeeeeeeegiiiiiilnnnoooooooorrsssttuuuuuuuuyyzzzaos"


class Folded(Func):
    """Folded("first_name"): small letters without their marks, so that "oberg" finds Öberg."""

    template = f"translate(lower(%(expressions)s), '{_FROM}', '{_TO}')"
    output_field = TextField()


class UtcDay(Func):
    """The UTC day of an instant."""

    template = "((%(expressions)s AT TIME ZONE 'UTC')::date)"
    output_field = DateField()


def folded(words: str) -> str:
    """The same in Python, for what is searched for."""
    return unicodedata.normalize("NFC", words).lower().translate(str.maketrans(_FROM, _TO))
