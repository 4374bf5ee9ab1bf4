"""Classes of PostgreSQL's two-part advisory locks: the first number; the second is the id it is about.

Taken in this order where one transaction needs several, ids ascending within a class:

  ASKING   questions with an amount about the players of a brand are counted one after the other
  SEGMENTS what the segments of a brand are: two changed at once could name each other
  JOURNEY  a person's runs are advanced by one worker at a time
  BONUS    two grants for one person are not both the first
  BRAND    sending stops for a whole brand; also written as 7002 in compliance's SQL
  PERSON   what is in force for a person; also written as 7001 in compliance's SQL
  FOLD     a shard of players has one applier; nothing else is locked by whoever waits for it
  SEAL     one sealer at a time; written as 7007 in compliance's SQL only
"""

PERSON = 7001
BRAND = 7002
JOURNEY = 7003
FOLD = 7004
BONUS = 7005
SEGMENTS = 7006
ASKING = 7008
