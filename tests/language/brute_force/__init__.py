"""Rules answered the slow way: from nothing but what the feed said, in plain Python, one player at a time.

Nothing here reads a state table or calls the code it checks. Each attribute is read by its published
definition (its help on screen, the sentence of the event kind), so that a wrong fold, a wrong window, a wrong
condition and a wrong time zone all show as a wrong member.

lives     random lives: what a PAM would send, with every edge rules like to name
house     a brand's days
told      one player's events put in order: what stands, what was taken back
reading   the registry of readings; the modules of_* fill it
answer    a rule as JSON -> who matches, and by what criteria they were chosen
world     brands, games and players in the database, told the same events through the inbox and the fold
edges     the instants at which rules are asked
compare   SQL, memory and criteria beside the answer
clock     the beat of production, for membership

A new attribute needs a reading: `@reads("its_key", shape, criterion)` in the module of its family. Where the facts
of the feed do not hold the value, `reading.WITHOUT` says why.
"""
