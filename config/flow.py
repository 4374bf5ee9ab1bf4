"""urls.py for facts: what happened -> who hears of it.

Dotted paths, so that this table stays out of the import graph. Every reaction takes a batch and is
idempotent: being told twice changes nothing.

IN_TRANSACTION   kind -> reaction(facts, now); commits or fails with the facts. Kept for what must
                 never be half-applied: the gate is closed before the PAM gets its 2xx.
FOLD_STAGES      stage(batch); run in order inside the folding transaction, each in a savepoint. One
                 that fails leaves an owed row, so a bug in wagering never stops folding.
AFTER_COMMIT     kind -> reaction(facts, now); a row in `players.Owed` until done. Not owed for
                 replayed history: the past must not send messages.

A kind without a line of its own goes by its beginning: 'custom.*' hears of every event the operator names.
"""

_TRAIL = ["compliance.writing_down.write_down"]
_RESTRICTIONS = ["compliance.reactions.apply_restrictions"]
_MEASURES = [*_RESTRICTIONS, *_TRAIL]

IN_TRANSACTION: dict[str, list[str]] = {
    "player.registered": ["compliance.reactions.open_standing"],
    "player.updated": ["compliance.erasing.stay_erased", "compliance.reactions.note_profile"],
    "player.kyc": ["compliance.reactions.note_change"],
    "player.blocked": ["compliance.reactions.note_change"],
    "player.closed": ["compliance.reactions.note_change"],
    "player.unblocked": ["compliance.reactions.note_change"],
    "consent.changed": ["compliance.reactions.record_consents"],
    "consent.announced": ["compliance.reactions.announce_consents"],
    "rg.baseline": _RESTRICTIONS,
    "rg.limit_set": _MEASURES,
    "rg.limit_removed": _MEASURES,
    "rg.time_out": _MEASURES,
    "rg.self_excluded": _MEASURES,
    "rg.blocked": _MEASURES,
    "rg.lifted": _MEASURES,
    "rg.limit_reached": ["compliance.reactions.note_limits_reached"],
    "rg.unreadable": ["compliance.reactions.doubt"],
    "rg.announced": ["compliance.reactions.announce_restrictions"],
    "rg.register_checked": ["compliance.reactions.record_register_checks"],
    "rg.contact": ["compliance.markers.reactions.hear", "compliance.cases.reactions.hear_requests"],
    "rg.tool_viewed": ["compliance.markers.reactions.hear"],
    "rg.risk_scored": ["compliance.markers.reactions.hear"],
    "message.sent": [*_TRAIL, "compliance.cases.reactions.note_outreach", "compliance.reminding.note"],
    "bonus.granted": _TRAIL,
    "bonus.completed": _TRAIL,
    "bonus.lost": _TRAIL,
    "bonus.cancelled": _TRAIL,
    "bonus.forfeited": _TRAIL,
    "bonus.expired": _TRAIL,
}

FOLD_STAGES: list[str] = [
    "segments.reactions.refresh_touched",
    "bonuses.reactions.count_wagers",
    "campaigns.reactions.interrupt",
]

_SEGMENTS = ["segments.reactions.refresh_told"]  # what segments ask for besides play and money
_JOURNEYS = ["campaigns.reactions.enrol"]
_BONUS_SEGMENTS = ["bonuses.reactions.refresh_segments"]
_EXITS = ["campaigns.reactions.notice"]
_JOURNEYS_AND_EXITS = [*_JOURNEYS, *_EXITS]
_PERSONS = ["compliance.reactions.look_for_twins"]
_JOURNEYS_END = [*_JOURNEYS, "campaigns.reactions.withdraw"]
_MARKERS = ["compliance.markers.reactions.look_again"]  # nothing in the state moves, so the markers are told

AFTER_COMMIT: dict[str, list[str]] = {
    "player.registered": [*_JOURNEYS, *_PERSONS],
    "player.updated": [*_SEGMENTS, *_PERSONS],
    "player.erased": ["campaigns.reactions.withdraw", "campaigns.forgetting.forget", *_SEGMENTS],
    "player.login": _JOURNEYS,
    "player.kyc": [*_SEGMENTS, *_JOURNEYS],
    "player.blocked": ["campaigns.reactions.withdraw", *_SEGMENTS],
    "player.closed": ["campaigns.reactions.withdraw", *_SEGMENTS],
    "player.unblocked": _SEGMENTS,
    "consent.changed": _SEGMENTS,
    "deposit.approved": _JOURNEYS,
    "deposit.rejected": _JOURNEYS,
    "deposit.charged_back": _JOURNEYS,
    "withdrawal.approved": _JOURNEYS,
    "custom.*": _JOURNEYS,
    "stage.changed": _JOURNEYS_AND_EXITS,
    "segment.entered": _JOURNEYS,
    "segment.left": ["campaigns.reactions.notice"],
    "rg.limit_set": [*_JOURNEYS, *_SEGMENTS, *_MARKERS],
    "rg.limit_removed": [*_SEGMENTS, *_MARKERS],
    "rg.time_out": [*_JOURNEYS_END, *_EXITS, *_SEGMENTS, *_MARKERS],
    "rg.self_excluded": ["bonuses.reactions.stop_wagering", *_JOURNEYS_END, *_EXITS, *_SEGMENTS, *_MARKERS],
    "rg.strong_signs": _JOURNEYS_END,
    "rg.medium_signs": _JOURNEYS,
    "rg.signs_reviewed": _JOURNEYS_AND_EXITS,
    "rg.review_due": _JOURNEYS,
    "rg.blocked": ["campaigns.reactions.withdraw", *_SEGMENTS],
    "rg.lifted": _SEGMENTS,
    "rg.baseline": _SEGMENTS,
    "rg.register_checked": [*_SEGMENTS, "bonuses.reactions.hear_registers", "campaigns.reactions.hear_registers"],
    "rg.person_joined": ["campaigns.reactions.follow_person", "bonuses.reactions.stop_wagering", *_SEGMENTS],
    "rg.person_separated": ["campaigns.reactions.follow_person", *_SEGMENTS],
    "bonus.claimed": ["bonuses.reactions.follow_pam"],
    "bonus.active": ["bonuses.reactions.follow_pam"],
    "bonus.granted": _BONUS_SEGMENTS,
    "bonus.completed": _BONUS_SEGMENTS,
    "bonus.lost": ["bonuses.reactions.follow_pam", *_BONUS_SEGMENTS],
    "bonus.cancelled": ["bonuses.reactions.follow_pam", *_BONUS_SEGMENTS],
    "bonus.forfeited": ["bonuses.reactions.follow_pam", *_BONUS_SEGMENTS],
    "bonus.expired": ["bonuses.reactions.follow_pam", *_BONUS_SEGMENTS],
}

# Where a segment is used: uses(segment_ids) -> list[segments.uses.Use]. Nobody may archive what is in use.
SEGMENT_USES: list[str] = ["segments.uses.of_segments", "campaigns.segment_uses.uses"]

# Who is written to or given something soon: players(until, limit). Their self-exclusion registers are asked before.
SENDS_DUE: list[str] = ["campaigns.due.players", "bonuses.due.players"]

# What a brand can offer: offers(brand) -> Iterator[segments.stating.Offer]. Lists that leave say which of them is made.
OFFERS: list[str] = ["bonuses.offering.offers"]

# Whose words have a time of retention that compliance keeps: kept() -> list[compliance.retiring.Keeper].
KEPT_ABOVE: list[str] = ["campaigns.forgetting.kept"]

# What is being handed over to somebody outside, and what came to no known end: told(brands) -> compliance.wall.Handing.
HANDED_OVER: list[str] = ["campaigns.in_flight.told", "bonuses.in_flight.told"]

# What our own pages ask players, by the name their answers carry: wordings() -> (name, words, how it is asked).
WORDINGS: list[str] = ["campaigns.preferences.wordings"]

# The people of these accounts, exclusively and in order, before anything of theirs is written.
LOCK = "compliance.standings.lock_players"
# What the PAM tells about who somebody is: values that are kept in no fact and no inbox.
IDENTIFY = "compliance.persons.arriving.take"
# Single ends that lower apps need: an operator's act written down, addresses nobody may write to any more.
AUDIT = "compliance.audit.record"
SUPPRESS = "compliance.suppression.add"
# The stage that looks at players again when something about them changed that is no fact: see players.looking_again.
LOOK_AGAIN = "segments.reactions.refresh_touched"
# The stage that hears of payments a file brought: they reach state by a rebuild, and a deposit still ends a journey.
BY_FILE = "campaigns.reactions.interrupt"
