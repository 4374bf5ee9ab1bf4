"""How long what is kept, as the code does it: a promise on a page that no job keeps would be none."""

from typing import NamedTuple


class Class(NamedTuple):
    name: str
    kept: str
    why: str


CLASSES = (
    Class("Events as the PAM sent them", "14 days", "to read them again after a mistake; then their day is dropped"),
    Class("Uploaded files", "7 days", "to put an import right (IMPORT_KEEP_DAYS)"),
    Class("Lists of members for other systems", "24 hours", "the answers they rest on are too old after that"),
    Class("Files for regulators and players", "7 days", "who asked for them and why stays in the audit trail"),
    Class("Names, addresses, birth date, identity, own attributes, text of messages", "until erased",
          "one player at a time, by a compliance officer with a reason, unless a legal hold runs"),
    Class("Decisions, consents, register answers, audit trail", "not deleted",
          "sealed: a row that is gone is found. They hold account numbers, and the birth date a decision was made by"),
    Class("Addresses nobody may write to", "not deleted", "as keyed hashes, so that an exclusion outlives an erasure"),
    Class("Payments, rounds, bonuses", "not deleted", "under the account's number; money-laundering and tax law decide"),
)  # fmt: skip
