"""German: Germany."""

WORDS: dict[str, tuple[str, ...]] = {
    "urgency": (
        r"beeil\w*", r"letzte (?:chance|stunden)", r"nur (?:noch )?(?:heute|bis mitternacht)", r"solange der vorrat reicht",
        r"jetzt zugreifen", r"endet (?:bald|heute)", r"(?:zeitlich )?begrenzte (?:zeit|aktion)", r"jetzt oder nie", r"nur für kurze zeit",
    ),
    "miss": (r"verpass\w*",),
    "chasing_losses": (
        r"hol\w* (?:dir |sie sich )?(?:dein|ihr|das|die)\w* (?:\w+ ){0,2}zurück", r"gewinn\w* (?:dein|ihr|es|das)\w* (?:\w+ )?zurück",
        r"verlust\w* (?:zurückgewinn\w*|zurückhol\w*|wettmachen|ausgleich\w*)", r"mach\w* (?:sie )?(?:deine|ihre) verluste wett",
    ),
    "raise_stakes": (
        r"(?:erhöh|verdopp)\w* (?:sie )?(?:deinen|ihren|den) einsatz", r"einsatz (?:erhöhen|verdoppeln)",
        r"(?:setz|wett|spiel)\w* (?:sie )?(?:mehr|höher|größer|alles auf eine karte)", r"all in gehen",
    ),
    "play_longer": (
        r"spiel\w* (?:sie )?(?:weiter|länger)", r"weiter ?spielen", r"hör\w* (?:sie )?(?:jetzt )?nicht auf", r"noch eine? (?:spiel|runde|dreh\w*)",
        r"(?:setz|spiel)\w* (?:sie )?(?:mit )?(?:deine|ihre)n? gewinne?n?",
    ),
    "cancel_withdrawal": (
        r"(?:storn|brich|brechen|widerruf|stopp)\w* (?:sie )?(?:deine|ihre|die) auszahlung", r"auszahlung (?:stornieren|abbrechen|widerrufen)",
    ),
    "credit": (r"auf (?:kredit|pump|raten)", r"jetzt spielen,? (?:und )?später (?:be)?zahlen", r"geld leihen", r"darlehen", r"ratenzahlung"),
    "promise": (
        r"risikofrei\w*", r"ohne risiko", r"garantiert\w* gewinn\w*", r"sicher\w* (?:gewinn|wette|tipp)", r"nicht verlieren können",
        r"leicht(?:es|verdientes) geld",
    ),
    "offer": (r"boni", r"\w*frei(?:spiel|dreh|wette)\w*", r"gratis ?(?:spiel|dreh|wette|guthaben|geld)\w*", r"geld[- ]zurück[- ]\w+"),
    "free": (r"\w*frei(?:spiel|dreh|wette)\w*", r"gratis\w*", r"kostenlos\w*", r"umsonst", r"geschenkt"),
    "limits": (r"[\w-]*limits?",),
    "selling": (
        r"(?:sonder|willkommens|exklusiv|top)?angebot(?:e|en|s|es)?", r"quoten", r"quote (?:von|auf)", r"gewinnchance\w*", r"\w*jackpot\w*",
        r"belohnung\w*", r"prämien?",
    ),
    "call": (
        r"jetzt (?:gleich |sofort |direkt )?(?:einzahlen|spielen|wetten|setzen|tippen|losspielen|loslegen)",
        r"zahl\w* (?:sie )?(?:jetzt|heute|gleich|noch heute)(?: \S+){0,4} ein", r"zahl\w* (?:sie )?(?:mindestens )?\d\S*(?: \S+){0,2} ein",
        r"spiel(?:e|en sie|t)? (?:jetzt|heute|gleich|los|hier|um|bei uns|unsere?)", r"wett(?:e|en sie|et)? (?:jetzt|heute|auf|gleich)",
        r"setz(?:e|en sie|t)? (?:jetzt|heute|auf)",
        r"(?:mach|tätig|leist)\w* (?:sie )?(?:jetzt |gleich |noch heute )?(?:dein|ihr|ein)e? (?:\w+ )?(?:einzahlung|wette)",
        r"(?:gib|geben|platzier)\w* (?:sie )?(?:jetzt )?(?:dein|ihr|ein)en? (?:\w+ )?(?:wette|tipp|einsatz)",
        r"lade?n? (?:sie )?(?:jetzt )?(?:dein|ihr) (?:konto|guthaben) auf",
    ),
    "lead": (r"und", r"oder", r"dann", r"also", r"einfach", r"bitte", r"am besten", r"warum nicht"),
    "new_only": (r"neue[nr]? (?:spieler|kunden)\w*", r"neukund\w+",),
    "neutral": (
        r"nicht (?:mehr |wieder )?(?:spielen|wetten|einzahlen)",
        r"kein\w* (?:weiteren |neuen |\w+ und |mehr )?(?:angebot\w*|\w*bonus\w*|boni|promo\w*)",
        r"(?:abbestellt|abgemeldet von|nicht mehr)(?: \w+){0,3}? (?:angebot\w*|\w*bonus\w*|promo\w*)",
        r"angebote? (?:der|zur|für) (?:\w*hilfe|\w*beratung)",
    ),
}  # fmt: skip
