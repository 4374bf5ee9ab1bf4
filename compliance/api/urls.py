from django.urls import path

from compliance.api.answers import SmsAnswersView
from compliance.api.clearances import ClearancesView
from compliance.api.suppressions import SuppressionsView

app_name = "compliance-api"
urlpatterns = [
    path("clearances", ClearancesView.as_view(), name="clearances"),
    path("answers/sms", SmsAnswersView.as_view(), name="sms-answers"),
    path("suppressions", SuppressionsView.as_view(), name="suppressions"),
]
