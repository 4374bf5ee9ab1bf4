"""compliance.handouts: files made for somebody outside.

`asking` keeps who wanted what and why, and makes the file in the background; `contents` reads what belongs into it;
`proofs` takes along what is needed to verify each row without the rest of the trail; `paper` prints the timeline. What
a player asked to see about themselves is made by `access`: without the names of staff, their notes and other people.
"""
