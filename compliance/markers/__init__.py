"""Markers of harm: what was seen of a player that people who are harmed by gambling tend to do.

`catalogue` says what each marker is, with the thresholds Pitboss ships; `definitions` keeps the versions two people
signed at a brand. `reading` asks the database about up to 500 players of a brand at once, one statement per source of
facts (`payments`, `bets`, `days`, `sessions`, `tools`). `scale` adds up what was found: pure. `levels` puts the
outcome in force, on Standing, and tells the apps above by a fact. `sweeping` walks over whoever has moved.

A marker that was seen counts at once. One that was not seen is "no" only if the whole time it looks at was watched
and the feed tells what it needs; otherwise it is unknown, and said so. Seen markers fade after 30 days; a level that
stops something (from medium on) does not: people lower it.
"""
