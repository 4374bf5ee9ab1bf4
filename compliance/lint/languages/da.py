"""Danish: Denmark."""

WORDS: dict[str, tuple[str, ...]] = {
    "urgency": (
        r"skynd dig", r"sidste (?:chance|timer)", r"kun (?:i ?dag|i aften)", r"slutter (?:snart|i ?dag|i aften)",
        r"begrænset (?:tid|periode)", r"så længe (?:lager haves|det varer)", r"nu eller aldrig", r"inden det er for sent",
    ),
    "miss": (r"gå ikke glip",),
    "chasing_losses": (
        r"vind (?:\w+ ){1,2}tilbage", r"vind tilbage", r"hent (?:dit|dine) (?:\w+ )?tab", r"tag revanche",
    ),
    "raise_stakes": (
        r"(?:hæv|fordobl|øg) (?:din|dine) indsats\w*", r"(?:sats|spil) (?:mere|højere|større|stort|alt)", r"gå all in",
    ),
    "play_longer": (
        r"spil (?:videre|længere|hele natten)", r"fortsæt (?:med )?(?:at )?spille(?:t)?", r"bliv ved", r"stop ikke",
        r"(?:spil|sats) (?:for |med )?(?:din|dine) gevinst\w*", r"et spin mere",
    ),
    "cancel_withdrawal": (r"(?:annull?er|fortryd|stop) (?:din|dit) (?:udbetaling|hævning)",),
    "credit": (r"på (?:kredit|afbetaling)", r"spil nu,? (?:og )?betal senere", r"lån penge", r"lån"),
    "promise": (
        r"risikofri\w*", r"uden risiko", r"garanteret gevinst\w*", r"sikker gevinst", r"sikkert (?:spil|væddemål)", r"kan ikke tabe",
        r"nemme penge",
    ),
    "offer": (r"gratis ?(?:spin|spil|væddemål|bet|penge)\w*", r"velkomst(?:tilbud|pakke)\w*", r"freebets?"),
    "free": (r"gratis\w*", r"vi giver"),
    "limits": (r"[\w-]*grænse(?:n|r|rne)?",),
    "selling": (r"(?:special|velkomst|spille?|odds)?tilbud\w*", r"\w*kampagne\w*", r"\w*odds\w*", r"vind stort", r"\w*jackpot\w*", r"belønning\w*"),
    "call": (
        r"spil (?:nu|i ?dag|i aften|her|igen|vores|med os)", r"(?:indbetal|indsæt) (?:nu|i ?dag|her|mindst|penge|\d)", r"sæt (?:penge )?ind(?: nu)?",
        r"(?:foretag|lav|gør) (?:nu )?(?:en|din|et|dit) (?:\w+ )?(?:indbetaling|indskud|indsættelse)",
        r"placer (?:et|dit|din|dine) (?:\w+ )?(?:spil|væddemål|bets?|indsats)\w*", r"begynd at spille", r"sats (?:nu|på|i ?dag)",
    ),
    "lead": (r"og", r"eller", r"så", r"nu", r"bare", r"hvorfor ikke", r"kom"),
    "new_only": (r"nye (?:spillere|kunder)",),
    "neutral": (
        r"ingen (?:flere )?(?:\w+ )?(?:\w*bonus\w*|tilbud|\w*kampagner)",
        r"(?:modtager|får|sender) (?:\w+ )?ikke (?:længere )?(?:\w+ )?(?:tilbud|\w*bonus\w*|\w*kampagner)",
        r"ikke (?:længere )?(?:modtage|få|sende) (?:\w+ ){0,2}?(?:tilbud|\w*bonus\w*|\w*kampagner)",
        r"(?:kan|må) (?:\w+ ){0,2}?ikke (?:\w+ ){0,2}?(?:spille|indbetale)", r"(?:frameldt|afmeldt|stoppet)(?: \w+){0,3}? (?:tilbud|\w*bonus\w*|\w*kampagner)",
        r"tilbud om (?:hjælp|behandling|rådgivning|støtte)",
    ),
}  # fmt: skip
