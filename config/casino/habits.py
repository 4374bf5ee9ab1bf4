"""What people play, when, for how long, and how they pay: the figures behind a gambler's life."""

CATEGORIES = {
    "slots": (("slots", 0.85), ("table", 0.05), ("live_casino", 0.07), ("bingo", 0.03)),
    "live": (("live_casino", 0.80), ("table", 0.09), ("slots", 0.10), ("poker", 0.01)),
    "sports": (("sports", 0.86), ("slots", 0.07), ("crash", 0.04), ("virtuals", 0.03)),
}
# category -> usual length in minutes, turnover as a multiple of the bank, return, spread of one round's return
HABITS = {
    "slots": (31, 4.0, 0.960, 0.12),
    "live_casino": (38, 4.5, 0.975, 0.12),
    "table": (24, 4.0, 0.980, 0.12),
    "poker": (30, 2.5, 0.966, 0.12),
    "bingo": (40, 0.8, 0.875, 0.30),
    "crash": (12, 3.0, 0.970, 0.20),
    "virtuals": (15, 1.0, 0.910, 0.30),
    "sports": (9, 1.1, 0.927, 0.0),  # the odds bring their own spread
}
# Share of a day's visits that start in each hour of the player's day.
HOURS = tuple(enumerate((3, 2, 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 4, 4, 5, 5, 6, 7, 8, 9, 9, 7, 5)))
DEVICES = (("mobile", 0.7), ("desktop", 0.3))
METHODS = (("card", 0.55), ("bank transfer", 0.15), ("wallet", 0.30))
DECLINES = (("insufficient funds", 0.5), ("3-D Secure not completed", 0.3), ("limit of the card reached", 0.2))

# While somebody watches, people come more often and stay for less: a demo must have something to show.
FIRST_HOUR_TEMPO = 60.0
LIVE_TEMPO = 12.0
LIVE_HASTE = 0.12
BONUS_ROUNDS = 60
