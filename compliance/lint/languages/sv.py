"""Swedish: Sweden."""

WORDS: dict[str, tuple[str, ...]] = {
    "urgency": (
        r"skynda", r"sista (?:chansen|timmarna)", r"(?:endast|bara) (?:i ?dag|i ?kväll)", r"slutar (?:snart|i ?dag|i ?kväll)",
        r"begränsad tid", r"så länge (?:det|lagret) räcker", r"passa på", r"innan det är för sent", r"agera nu",
    ),
    "miss": (r"missa (?:inte|aldrig)",),
    "chasing_losses": (
        r"(?:vinn|vinna|spela|ta) (?:tillbaka|igen) (?:det du|din|dina|pengarna|förlust\w*)", r"vinn (?:det|dem|dina \w+) tillbaka",
        r"ta revansch",
    ),
    "raise_stakes": (
        r"höj (?:insats\w*|din insats|dina insatser)", r"(?:satsa|spela) (?:mer|högre|större|allt|stort)",
        r"dubbla (?:insats\w*|din insats|dina insatser)", r"gå all in",
    ),
    "play_longer": (
        r"fortsätt (?:att )?(?:spela|snurra)", r"spela (?:vidare|längre|hela natten)", r"sluta inte",
        r"(?:satsa|spela (?:för|med)) (?:din|dina) vinst\w*", r"ett (?:snurr|spel) till",
    ),
    "cancel_withdrawal": (r"(?:avbryt|ångra|stoppa|återkalla) (?:ditt|din) (?:uttag|utbetalning)",),
    "credit": (r"på kredit", r"spela nu,? (?:och )?betala (?:senare|sen)", r"låna(?: pengar)?", r"lån", r"(?:av|del)betal\w*"),
    "promise": (
        r"riskfri\w*", r"utan risk", r"garanterad\w* vinst\w*", r"säker vinst", r"säkert (?:kort|spel)", r"kan inte förlora",
        r"lätta pengar",
    ),
    "offer": (r"\w*gratis ?(?:snurr|spinn?|spel|pengar|insats)\w*", r"fri ?(?:spel|snurr|spinn)\w*", r"insättningsmatch\w*"),
    "free": (r"gratis ?(?:snurr|spinn?|spel|pengar|insats)\w*", r"gratisbonus\w*", r"helt gratis", r"vi bjuder"),
    "limits": (r"[\w-]*gräns(?:en|er|erna)?",),
    "selling": (r"\w*erbjudande\w*", r"\w*kampanj\w*", r"\w*odds\w*", r"vinn stort", r"\w*jackpot\w*", r"belöning\w*"),
    "call": (
        r"spela (?:nu|i ?dag|i ?kväll|här|igen|på(?! ett)|vårt|våra|med oss)", r"sätt in(?! din| ditt| dina)",
        r"gör (?:en|din) (?:\w+ )?insättning", r"lägg (?:ett|ditt|dina) (?:\w+ )?(?:spel|vad|bets?)", r"satsa (?:nu|på|i ?dag)",
        r"börja spela", r"snurra (?:nu|på|i ?dag)", r"fyll på (?:nu|ditt konto|kontot|saldot)",
    ),
    "lead": (r"och", r"eller", r"så", r"nu", r"bara", r"dags att", r"varför inte", r"kom"),
    "new_only": (r"nya (?:spelare|kunder|medlemmar)", r"ny (?:spelare|kund|medlem)",),
    "neutral": (
        r"(?:kan|får|går) (?:\w+ ){0,3}?(?:inte|ej) (?:\w+ ){0,2}?(?:spela|sätta in|satsa)(?: nu| i ?dag| igen)?",
        r"inga (?:fler |nya )?(?:\w+ )?(?:\w*erbjudanden|\w*bonusar|\w*kampanjer)",
        r"(?:inte|ej) (?:längre )?(?:få|skicka\w*|några|ta emot)(?: \w+){0,3}? (?:\w*erbjudande\w*|\w*bonus\w*|\w*kampanj\w*)",
        r"(?:tackat nej till|avslutat|stoppat|pausat)(?: \w+){0,3}? (?:\w*erbjudande\w*|\w*bonus\w*|\w*kampanj\w*)",
        r"erbjudande\w* om (?:hjälp|stöd|rådgivning)",
    ),
}  # fmt: skip
