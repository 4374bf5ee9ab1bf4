"""What is wrong with a message or an offer before anybody approves it. Pure: no database, no clock of its own.

words      what the words of a message do: press, sell inside a service message, lure after losses, …
checking   the rules of the licence asked about an ideal player (compliance.ideal): what such a player may not get,
           nobody may; and who else would be left out
overriding a policy's finding overruled by a compliance officer and a second person

Campaigns describe a message as the question they will ask the gate, with its words; bonuses describe their terms the
same way. A finding names the rule: a law cannot be overruled, an operator's own policy can.
"""
