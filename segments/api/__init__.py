"""Segments for other systems of the brand: /api/v1/segments.

access       which key may do what; everything is of the brand of the key's feed
bodies       what a rule in a body lacks, told with a pointer
repeats      Idempotency-Key: a request sent again is answered the same
segments     list, create, read, change; live and archive
people       count, members, explain, check, catalogue
schema       what the OpenAPI document says of all of it

A key sees what its scopes allow, by the same module as an operator (`segments.permitted`). Players are named by their
id in the PAM and only in bodies: no address of a request ends up in somebody's log with a player in it.
"""
