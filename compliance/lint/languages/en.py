"""English: Great Britain, Malta, Ontario."""

WORDS: dict[str, tuple[str, ...]] = {
    "urgency": (
        r"hurry", r"last chance", r"only today", r"today only", r"act now", r"ends? (?:soon|today|tonight)", r"be quick",
        r"final hours", r"before it'?s (?:too late|gone)", r"while (?:it|stocks?) lasts?", r"limited[- ]time",
    ),
    "miss": (r"do(?:n'?t| not) miss(?: out)?", r"never miss"),
    "chasing_losses": (
        r"win (?:it|them|your \w+) back", r"win back (?:your|what you) \w+", r"(?:recover|make up for|recoup) your loss\w*",
        r"get even(?=\s*(?:[.!?,;:]|$|with |now|today|tonight))", r"bounce back from",
    ),
    "raise_stakes": (
        r"(?:raise|increase|up) (?:your|the) stakes?", r"(?:bet|stake) (?:more|bigger|higher)", r"go (?:big|all in)",
        r"double (?:up|down)",
    ),
    "play_longer": (
        r"keep (?:playing|betting|spinning)", r"do(?:n'?t| not) stop (?:now|playing)", r"play (?:longer|all night)",
        r"play on(?=\s*(?:[.!?,;:]|$|and |until |tonight))", r"one more (?:spin|bet|go)", r"let it ride",
        r"(?:put|play|bet|stake|reinvest|wager) (?:your|the) (?:\w+ )?win(?:ning)?s(?: back)?",
    ),
    "cancel_withdrawal": (r"(?:cancel|reverse|stop) your (?:withdrawal|cash-?out|payout)",),
    "credit": (
        r"play now,? (?:and )?pay later", r"on credit", r"borrow", r"loan", r"instal?ments",
        r"(?:more than|what) you can(?:'?t|not) afford", r"beyond your means",
    ),
    "promise": (
        r"risk[- ]free", r"guaranteed (?:win|profit)s?", r"can'?t lose", r"sure (?:win|bet)", r"easy money",
    ),
    "offer": (
        r"\w*bonus\w*", r"free[ -]?(?:spins?|bets?|money|cash|play)", r"cash ?-?back", r"deposit match",
        r"no-deposit", r"no deposit (?:needed|required|spins?|bets?)", r"risk[- ]free bets?",
    ),
    "free": (r"free[ -]?(?:spins?|bets?|money|cash|play|bonus(?:es)?)", r"for free", r"on the house"),
    "limits": (r"limits?",),
    "selling": (
        r"offers?", r"promo\w*", r"\w*jackpots?", r"win big", r"rewards?", r"odds",
        r"(?:play|bet|deposit|spin|top up) now",
        r"at \d{1,3}/\d{1,2}(?!/)", r"\d{1,3}/\d{1,2} (?:to win|favou?rites?)",
        r"@ ?\d{1,3}(?:[.,/]\d{1,2})",
    ),
    "call": (
        r"(?:make|place|try) (?:an?|your|another|one more) (?:\w+ ){0,2}(?:deposit|bet|wager|stake|spin)s?",
        r"top up (?:your (?:account|balance|wallet)|and|today|tonight|here|with)",
        r"deposit (?:today|tonight|here|again|and (?:get|play|bet|win|claim))",
        r"deposit (?:at least |just )?[£€$]?\d\S*(?: [a-z]{3})? (?:today|now|and (?:get|play|bet|win|claim))",
        r"(?:play|spin|wager) (?:today|tonight|here|again|for|on|our|your|it|the|with us|and win|to win)",
        r"bet (?:today|tonight|here|again|with us|and (?:get|win))", r"bet on [^.!?]{1,40} (?:now|today|tonight)",
        r"\d{1,3}/\d{1,2} (?:on|for|against) \w+",
        r"start (?:playing|betting|spinning)", r"get (?:playing|betting|spinning)", r"join the (?:game|table|tournament)",
    ),
    "lead": (r"and", r"or", r"then", r"so", r"now", r"just", r"simply", r"please", r"why not", r"let'?s", r"come", r"time to"),
    "new_only": (r"new (?:players|customers|members)",),
    "neutral": (
        r"(?:can(?:not|'?t| not)|unable to|not able to|not possible to|no longer|not|nor) (?:\w+ ){0,2}?"
        r"(?:play|bet|deposit|spin|top up)(?: now| today| again)?",
        r"no (?:more )?(?:promo\w*|offers?|bonus(?:es)?)",
        r"(?:no longer|not|never|stop(?:ped)?) (?:\w+ ){0,2}?(?:receiv\w+|get|send\w*|sent)(?: \w+){0,4}? (?:promo\w*|offers?|bonus\w*)",
        r"(?:stopped|paused|turned off|switched off|unsubscribed from|opted out of|without)(?: \w+){0,3}? (?:promo\w*|offers?|bonus\w*)",
        r"offers? (?:you )?(?:(?:free|confidential|and),? )*(?:help|support|advice|counselling)",
    ),
}  # fmt: skip
