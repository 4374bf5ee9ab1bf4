"""What is said in the languages of the licences, as data: one file per language, one list per thing said.

Every list is read over every text, whatever licence it is for: a Swede is written to in English, too. Each entry is a
regular expression of whole words in small letters, without groups of its own (`\\w*bonus\\w*` where compounds count).

urgency … credit    the tags of the gate; `miss` presses as `urgency` does, and takes the excuse from `neutral`
promise, offer, free    what the operator's own policies are about
limits      speaks of limits: no fault, but nothing for whoever is raising theirs
selling     what makes a service message a promotion wherever it stands; all of `offer` does as well
call        asks to pay in, play or bet. At the head of a sentence, or behind one of `lead`: "Place a bet" is one,
            "before you can place a bet we have to know your age" is not
new_only    says for whom an offer is, where the law asks for that
neutral     sells nothing though it says such words: nobody can play now, no offers will be sent any more
"""

from compliance.lint.languages import da, de, en, es, fr, nl, sv

ALL = {"en": en, "sv": sv, "de": de, "nl": nl, "da": da, "es": es, "fr": fr}


def entries(*kinds: str) -> list[str]:
    """Of every language."""
    return [entry for kind in kinds for language in ALL.values() for entry in language.WORDS[kind]]


def entries_of(name: str) -> list[str]:
    """Of one language, whatever they say."""
    return [entry for said in ALL[name].WORDS.values() for entry in said]
