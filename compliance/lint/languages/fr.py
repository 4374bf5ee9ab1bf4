"""French: Ontario."""

WORDS: dict[str, tuple[str, ...]] = {
    "urgency": (
        r"dépêch\w+", r"dernières? (?:chance|heures)", r"(?:seulement|uniquement) (?:aujourd'hui|ce soir)",
        r"aujourd'hui (?:seulement|uniquement)", r"se termine (?:bientôt|ce soir|aujourd'hui)", r"(?:temps|durée) limitée?",
        r"jusqu'à épuisement", r"maintenant ou jamais",
    ),
    "miss": (r"ne (?:manque|rate)\w* (?:pas|rien)",),
    "chasing_losses": (
        r"(?:récupér|regagn|rattrap)\w+ (?:ce que|vos|tes|votre|ton) (?:\w+ ){0,3}?(?:perdu|pertes|argent|mises?)", r"pren\w+ (?:votre|ta) revanche",
    ),
    "raise_stakes": (
        r"(?:augment|mont|doubl)\w* (?:vos|votre|tes|ta|la) mises?", r"(?:mis|pari|jou)(?:ez|e) (?:plus gros|gros|davantage|tout)",
    ),
    "play_longer": (
        r"continu\w+ (?:à|de) (?:jouer|miser|parier)", r"ne (?:vous arrêtez|t'arrête) pas", r"(?:re)?(?:jou|mis)(?:ez|e) (?:vos|tes) gains",
        r"encore un (?:tour|pari)",
    ),
    "cancel_withdrawal": (r"(?:annul|arrêt)\w* (?:votre|ton|le) retrait",),
    "credit": (r"à crédit", r"jou(?:ez|e) maintenant,? (?:et )?pay\w+ plus tard", r"emprunt\w*", r"en plusieurs fois"),
    "promise": (r"sans risques?", r"gains? (?:garanti|assuré)s?", r"pari sûr", r"impossible de perdre", r"argent facile"),
    "offer": (r"(?:tours?|paris?|mises?|parties?|spins?|argent|crédits?) (?:gratuit|offert)e?s?", r"remise en argent"),
    "free": (r"gratuit\w*", r"offerte?s?", r"cadeau"),
    "limits": (r"limites?", r"plafonds?",),
    "selling": (r"offres?", r"meilleures cotes", r"cotes? (?:de|à) \d\S*", r"cotes boostées", r"gros lots?", r"\w*jackpots?", r"récompenses?", r"gagnez gros"),
    "call": (
        r"jou(?:ez|e) (?:maintenant|aujourd'hui|ce soir|dès|ici|à|sur)", r"(?:jouer|parier|miser|déposer) maintenant",
        r"dépos(?:ez|e) (?:maintenant|aujourd'hui|dès|au moins|\d)", r"(?:faites|effectuez|fais|effectue) (?:un|une|votre|ton) (?:\w+ )?(?:dépôt|pari|mise)",
        r"pari(?:ez|e) (?:maintenant|aujourd'hui|sur|dès)", r"misez (?:maintenant|sur|dès)", r"placez (?:un|votre|vos) (?:\w+ )?paris?",
        r"commenc\w+ à (?:jouer|parier|miser)", r"recharg\w+ votre (?:compte|solde)",
    ),
    "lead": (r"et", r"ou", r"puis", r"alors", r"vite", r"pourquoi ne pas", r"il est temps de"),
    "new_only": (r"nouveaux (?:joueurs|clients|membres)",),
    "neutral": (
        r"ne pou\w+ (?:plus|pas) (?:jouer|déposer|miser|parier)(?: maintenant)?",
        r"(?:ne|n'\w+) (?:\w+ ){0,2}?(?:plus|pas)(?: \w+){0,3}? (?:d')?(?:offres?|\w*bonus|promo\w*)", r"aucune? (?:\w+ )?(?:offre|bonus|promo\w*)",
        r"offres? (?:de l'|d')(?:aide|assistance)", r"offr\w+ (?:de l'|d'|une )(?:aide|assistance)",
    ),
}  # fmt: skip
