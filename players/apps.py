from django.apps import AppConfig


class PlayersConfig(AppConfig):
    name = "players"
    append_only = ("players_fact", "players_payment", "players_roundrollback", "players_stagechange")
