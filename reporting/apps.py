from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"
    append_only = ("reporting_ngrdefinition",)
