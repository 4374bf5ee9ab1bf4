"""Payloads and paths as senders to the Fast Track CRM know them, taken unchanged.

    users, payments, play, bonuses, sports   per family: which members a payload has, and what it says in the
                                             words of our own format (pure functions, payload -> envelope)
    arriving     payloads of one request: checked, led to their brand by `origin`, put into the inbox
    asking       what must be fetched from the operator, and since when
    answers      the operator's answers in the words of our own format (pure)
    operator     the calls themselves
    fetching     the worker: the next 500, at the operator's pace, until there is an answer

Amounts are major units with a point; they become minor units exactly or are refused (0.005 EUR is no amount).
Half of the schemas only announce: who was created, updated, blocked or changed a consent is to be fetched.
A block or a consent that was announced counts as unknown from before our answer until the operator's, and
unknown is a no. What we do not apply (lottery, carts, moving accounts) is refused by name and kept.

`event_id` of what a payload becomes: ft.casino:<activity_id>:<type>[:Rollback], ft.payment:<payment_id>:<type>:
<status>, ft.bonus:<user_bonus_id>:<status>, ft.sportsbook:<activity_id>:<type>:<status>; of what carries no id of
its own, ft.<what>:<user_id>:<timestamp>. Anything not mentioned is let pass and not kept: addresses, `meta`,
`balance_before`. `exchange_rate` is kept per feed, currency and day (players.models.ExchangeRate).
"""

from players.pam import Connector
from players.pam.fasttrack import bonuses, payments, play, sports, users
from players.pam.fasttrack.schemas import Schema

CONNECTOR = Connector("fasttrack", "Fast Track shape", "V2 payloads", "Pitboss")
SCHEMAS: dict[str, Schema] = {
    schema.name: schema for family in (users, payments, play, bonuses, sports) for schema in family.SCHEMAS
}
