"""Spanish: Spain."""

WORDS: dict[str, tuple[str, ...]] = {
    "urgency": (
        r"date prisa", r"últimas? (?:oportunidad|horas)", r"(?:solo|sólo|únicamente) (?:por )?(?:hoy|esta noche)",
        r"(?:acaba|termina) (?:pronto|hoy|esta noche)", r"tiempo limitado", r"hasta agotar", r"ahora o nunca", r"antes de que sea tarde",
    ),
    "miss": (r"no (?:te|se) (?:lo |la )?pierdas?", r"no dejes (?:pasar|escapar)"),
    "chasing_losses": (
        r"recuper(?:a|ar|e) (?:lo (?:perdido|que (?:\w+ )?perd\w+)|(?:tu|tus|su|sus) (?:pérdidas|dinero))", r"(?:toma|tómate) la revancha",
        r"desquít\w+",
    ),
    "raise_stakes": (
        r"(?:sube|dobla|aumenta|duplica) (?:la|tu|tus|las) apuestas?", r"apuest[ae] (?:más|fuerte|a lo grande|todo)", r"juega más fuerte",
    ),
    "play_longer": (
        r"sig(?:ue|a) (?:jugando|apostando)", r"continúa (?:jugando|apostando)", r"no (?:pares|te detengas)", r"una (?:tirada|partida) más",
        r"(?:juega|apuesta|reinvierte) (?:con )?tus ganancias",
    ),
    "cancel_withdrawal": (r"(?:cancela|anula|detén|revierte) (?:tu|su|el) (?:retirada|retiro|cobro)",),
    "credit": (r"a (?:crédito|plazos)", r"juega ahora,? (?:y )?paga (?:después|luego|más tarde)", r"préstamos?", r"dinero prestado"),
    "promise": (
        r"sin riesgos?", r"libres? de riesgo", r"ganancias? (?:garantizada|segura)s?", r"apuesta segura", r"no pued\w+ perder", r"dinero fácil",
    ),
    "offer": (
        r"bonos?", r"bonificaci\w+", r"(?:tiradas?|giros?|apuestas?|partidas?|jugadas?|dinero|saldo) (?:gratis|gratuit[oa]s?|de regalo)",
        r"freebets?",
    ),
    "free": (r"gratis", r"gratuit[oa]s?", r"de regalo", r"invita la casa"),
    "limits": (r"límites?",),
    "selling": (r"ofertas?", r"(?:mejores|súper|super) ?cuotas", r"cuotas? (?:de|a) \d\S*", r"supercuotas?", r"botes?", r"\w*jackpots?", r"recompensas?",
                r"gana a lo grande"),
    "call": (
        r"jueg(?:a|ue) (?:ya|ahora|hoy|aquí|a|con nosotros|y gan\w+)", r"(?:jugar|apostar|depositar) (?:ya|ahora)",
        r"deposit[ae] (?:ya|ahora|hoy|desde|al menos|\d)", r"ingres[ae] (?:ya |ahora |hoy )?(?:desde|dinero|\d)", r"apuest[ae] (?:ya|ahora|hoy|por|y gan\w+)",
        r"(?:haz|haga|realiza|realice|efectúa) (?:ya |ahora )?(?:tu|un|una|su) (?:\w+ )?(?:depósito|ingreso|apuesta)", r"(?:empieza|comienza) a (?:jugar|apostar)",
        r"recarga (?:ya|ahora|tu (?:saldo|cuenta))", r"ven a jugar",
    ),
    "lead": (r"y", r"o", r"entonces", r"así que", r"por qué no", r"es hora de"),
    "new_only": (r"nuev[oa]s (?:jugador\w+|clientes|usuarios)",),
    "neutral": (
        r"no pued\w+ (?:jugar|depositar|apostar)(?: ahora| hoy)?",
        r"(?:no|ya no|dejar\w* de|más) (?:\w+ )?(?:recib\w+|env[ií]\w+)(?: \w+){0,3}? (?:ofertas?|bonos?|promo\w*)",
        r"(?:sin|ninguna?|no hay) (?:ofertas?|bonos?|promo\w*)", r"oferta de (?:ayuda|apoyo)",
    ),
}  # fmt: skip
