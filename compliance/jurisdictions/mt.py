"""Malta (MGA): Player Protection Directive, as read in November 2026."""

from datetime import date

from compliance.jurisdictions.recurring import consent, no_promotion_to_harm, returning
from compliance.rules import Rule
from compliance.rules.protecting import consent_is_free
from compliance.rules.selection import clean_words

VERSION = "2026.11"
SINCE = date(2018, 8, 1)  # Gaming Act 2018

RULES: tuple[Rule, ...] = (
    Rule("MT-01", "A self-exclusion acts at once, for all brands of one registration; nothing is sent and nobody is "
         "talked into staying.", "Player Protection Directive art. 11; gvzh.mt 1 Feb 2023", "B", None,
         acts="Closes the person when it arrives (X-01), as widely as the player said."),
    *returning("MT-02r", "A return is asked for with reasons: mondaq.com 2023", "B"),
    Rule("MT-02", "A return is thought over for 24 hours, 7 days after an exclusion without end.", "mondaq.com 2023", "B",
         None, acts="The person opens again only after that wait."),
    Rule("MT-03", "Tightening a limit acts at once, loosening or removing it after 24 hours.",
         "Player Protection Directive art. 14", "B", None,
         acts="The limit in force is the one before the raise; POL-02 and POL-03 refuse what asks for more."),
    Rule("MT-04", "Behaviour is watched for markers of harm.", "Player Protection Directive art. 17, 12 Jan 2023", "B", None,
         date(2023, 1, 12), acts="Markers of harm."),
    Rule("MT-04l", "Which five markers art. 17 names.", "The list itself was not seen", "G", None, date(2023, 1, 12),
         acts="Compare the marker definitions with the directive."),
    no_promotion_to_harm(date(2023, 1, 12)),
    Rule("MT-05", "Interactions with players are kept and available.", "Player Protection Directive art. 16(2), 17(1)", "B",
         None, acts="Cases and audit trail."),
    Rule("MT-06", "No words that push to chase losses, to play on, to stake what was won or to spend beyond one's means.",
         "mga.org.mt", "A", clean_words("MT-06", "chasing_losses", "raise_stakes", "play_longer", "credit")),
    Rule("PD-02c", "The consent of a player in trouble counts for nothing.", "GDPR art. 4(11), 7(4)", "B",
         consent_is_free("PD-02c")),
    *consent(),
)  # fmt: skip
