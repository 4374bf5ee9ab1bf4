"""The ten questions, in the words of those who ask them."""

from typing import NamedTuple


class Question(NamedTuple):
    number: int
    words: str
    answer: str
    pages: tuple[tuple[str, str], ...] = ()  # (what it is called, URL name)
    table: str = ""  # of tables.TABLES


QUESTIONS = (
    Question(1, "Every marketing item sent to a player between two dates, with the exclusion and consent state at that second.",
             "A player's file: each decision beside the restriction, consent and register answer of that second, with its proof.",
             (("Make a file", "compliance:exports"), ("Decisions", "compliance:decisions"))),
    Question(2, "The time from an exclusion or a marker to the last marketing contact: distribution and worst case.",
             "One line per exclusion, time-out or strong sign, the worst first; with who told it, when it took effect, and when "
             "each other sender has known.",
             (("Restrictions", "compliance:restrictions"),), "silence"),
    Question(3, "The definition of strong indicators, who approved it, when it changed, how many met it, the share reviewed "
             "by a person, contests upheld.", "Every version with who signed it; one line per player who met it.",
             (("Definitions", "compliance:markers"),), "strong"),
    Question(4, "Proof of the opt-in: wording, screen, time, product and channel; that nobody was nudged.",
             "A player's matrix and every word that led to it, with its evidence; what each wording said, and how it was asked.",
             (("Consents", "compliance:consents"), ("Words shown", "compliance:wordings"))),
    Question(5, "Which register check preceded this send, with which credentials, and how old it was.",
             "Each decision shows the answers it rested on and their age; the registers page shows how each is asked.",
             (("Decisions", "compliance:decisions"), ("Registers", "compliance:registers"))),
    Question(6, "Bonuses: value, wagering base, product, selection criterion, how many players on the same terms; any after an "
             "intervention.", "One line per bonus that was allowed.", (("Rules", "compliance:rules"),), "bonuses"),
    Question(7, "That nothing left the house which the gate did not allow: provider against decisions, each day.",
             "Messages a provider took, by our record, and those of them without a yes; and its own log, held against that record.",
             (("Does protection hold?", "compliance:home"), ("Provider's log", "campaigns:provider-log")), "reconciliation"),
    Question(8, "Evidence that interventions work, before and after.", "Evaluations after 7 and 30 days, with their figures.",
             (("Cases", "compliance:cases"),), "evaluations"),
    Question(9, "The Dutch yearly report: ways of advertising, approaches per player, complaints, objections, bonuses.",
             "The figures for any period; choose the brand and the year.", (), "yearly"),
    Question(10, "A store that is complete, cannot be changed, can be read at once, and names nobody openly (Germany).",
             "The sealed trail and its proof; all of it by `manage.py audit export`; account numbers, no names.",
             (("Audit trail", "compliance:audit"), ("Make a file", "compliance:exports"))),
)  # fmt: skip
