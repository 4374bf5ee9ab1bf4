import httpx
from django.conf import settings

from bonuses.credit import Idempotency, Outcome, Told
from bonuses.models import Grant
from config.lib.redaction import redacted

IDEMPOTENCY = Idempotency.KEY
TIMEOUT = 3.0  # seconds; an exclusion waits for at most this long behind a credit


def credit(grant: Grant) -> Outcome:
    body = {
        "grant_ref": grant.reference,
        "player": grant.player.external_id,
        "amount": grant.amount,
        "currency": grant.currency,
        "wagering": grant.wagering_required,
        "expires_at": grant.expires_at.isoformat(),
    }
    if grant.terms.spins:
        body |= {"spins": grant.terms.spins, "spin_value": grant.terms.spin_value}
    try:
        answer = httpx.post(
            settings.PAM_CREDIT_URL,
            json=body,
            headers={"Idempotency-Key": grant.reference},
            timeout=TIMEOUT,
            follow_redirects=False,
        )
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        return Outcome(Told.BUSY, f"not reached: {type(error).__name__}")
    except httpx.HTTPError as error:
        return Outcome(Told.SILENT, f"no answer: {type(error).__name__}")
    return _read(answer)


def _read(answer: httpx.Response) -> Outcome:
    if answer.status_code in {408, 429, 503}:
        return Outcome(Told.BUSY, f"answered {answer.status_code}")
    if 400 <= answer.status_code < 500:
        return Outcome(Told.REFUSED, f"answered {answer.status_code}: {redacted(answer.text[:2000])[:200]}")
    try:
        said = answer.json() if answer.is_success else {}
    except ValueError:
        said = {}
    # A 200 proves nothing by itself: gateways answer 200 with an error page.
    match said.get("status") if isinstance(said, dict) else None:
        case "credited":
            return Outcome(Told.CREDITED, str(said.get("id", ""))[:200])
        case "refused":
            return Outcome(Told.REFUSED, redacted(str(said.get("reason", ""))[:2000])[:200])
    return Outcome(Told.SILENT, f"answered {answer.status_code} without a clear word")
