"""The gate for whoever sends besides us: /api/v1/clearances, /api/v1/suppressions, /api/v1/answers/sms.

access         which key may ask; everything is of the brand of the key's feed
reading        a body as questions to the gate
clearances     may this be sent to, or given to, these players? The same rules, recorded like our own
suppressions   whom nobody may write to, as keyed hashes, for senders who cannot ask player by player
answers        what players answer by SMS: STOP
schema         what the OpenAPI document says of it

An answer tells the class of a refusal and the words a CRM manager reads, never which restriction a player has.
"""
