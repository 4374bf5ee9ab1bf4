from django.apps import AppConfig


class BonusesConfig(AppConfig):
    name = "bonuses"
    append_only = ("bonuses_terms", "bonuses_transfer", "bonuses_grantchange", "bonuses_wagercount")
    update_only = {"bonuses_account": ("debits", "credits")}
