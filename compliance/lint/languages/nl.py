"""Dutch: the Netherlands."""

WORDS: dict[str, tuple[str, ...]] = {
    "urgency": (
        r"haast je", r"laatste (?:kans|uren|uurtjes)", r"(?:alleen|enkel|slechts) (?:vandaag|vanavond|nu)", r"op is op", r"wees snel",
        r"wees er (?:snel|als de kippen) bij", r"eindigt (?:bijna|vandaag|vanavond|binnenkort)", r"beperkte tijd", r"nu of nooit",
        r"zolang de voorraad strekt",
    ),
    "miss": (r"mis (?:\w+ ){0,3}niet", r"mis geen"),
    "chasing_losses": (
        r"win (?:het|je|jouw|uw) (?:\w+ )?terug", r"verlies\w* (?:terugwinnen|terugverdienen|goedmaken)", r"maak je verlies\w* goed",
        r"haal (?:je|jouw|uw) (?:\w+ )?terug",
    ),
    "raise_stakes": (
        r"(?:verhoog|verdubbel) (?:je|jouw|uw) inzet\w*", r"zet (?:meer|hoger|alles) in", r"wed (?:meer|hoger)", r"speel hoger", r"ga all[- ]in",
    ),
    "play_longer": (
        r"speel (?:door|langer)", r"blijf spelen", r"doorspelen", r"stop (?:nu )?niet", r"nog (?:een|één) (?:spin|rondje|ronde)",
        r"(?:speel|zet|wed) (?:met )?(?:je|jouw|uw) winst\w*",
    ),
    "cancel_withdrawal": (r"(?:annuleer|stop|herroep) (?:je|jouw|uw) (?:opname|uitbetaling)",),
    "credit": (r"op (?:krediet|de pof|afbetaling)", r"speel nu,? (?:en )?betaal later", r"geld lenen", r"leen geld", r"lening"),
    "promise": (
        r"risicovrij\w*", r"zonder risico", r"gegarandeerd\w* (?:winst|winnen|prijs)", r"zekere (?:winst|weddenschap)",
        r"niet verliezen", r"makkelijk geld",
    ),
    "offer": (
        r"gratis ?(?:spin|draai|weddenschap|bet|geld|speelgeld|inzet|spelen)\w*", r"welkomst(?:pakket|aanbod|aanbieding|actie)\w*",
        r"geld[- ]terug[- ]\w+",
    ),
    "free": (r"gratis\w*", r"van het huis", r"cadeau"),
    "limits": (r"[\w-]*limiet(?:en)?",),
    "selling": (r"\w*aanbieding\w*", r"(?:speciaal |ons |welkomst)aanbod", r"\w*quotering\w*", r"win groots", r"\w*jackpot\w*", r"beloning\w*"),
    "call": (
        r"speel (?:nu|vandaag|vanavond|hier|mee|onze|opnieuw|om)", r"stort (?:nu|vandaag|direct|minimaal|[€$]|\d)",
        r"(?:doe|maak) (?:nu )?(?:een|je|jouw|uw) (?:\w+ )?storting", r"zet (?:nu in|in op)", r"wed (?:nu|op|mee)",
        r"plaats (?:nu )?(?:een|je|jouw|uw) (?:\w+ )?(?:weddenschap|inzet)\w*", r"begin (?:nu )?(?:met|te) spelen",
        r"waardeer (?:nu )?(?:je|jouw|uw) (?:saldo|account|rekening) op", r"nu (?:storten|spelen|wedden|inzetten)",
    ),
    "lead": (r"en", r"of", r"dan", r"dus", r"gewoon", r"waarom niet", r"kom"),
    "new_only": (r"nieuwe (?:spelers|klanten)",),
    "neutral": (
        r"geen (?:\w+ )?(?:\w*bonus\w*|\w*aanbieding\w*|promo\w*)",
        r"(?:kunt?|mag|niet) (?:\w+ ){0,2}?(?:niet|meer|geen) (?:meer )?(?:spelen|storten|inzetten|wedden)",
        r"(?:niet (?:meer|langer)|afgemeld voor|gestopt met)(?: \w+){0,3}? (?:\w*bonus\w*|\w*aanbieding\w*|promo\w*)",
    ),
}  # fmt: skip
