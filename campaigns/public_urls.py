"""What players open: no login, a signed address instead."""

from django.urls import path

from campaigns.views import public

urlpatterns = [
    path("u/<str:token>/", public.stop_messages, name="stop-messages"),
    path("u/<str:token>/choices/", public.choices, name="message-choices"),
    path("inbox/<str:token>/", public.inbox, name="inbox"),
]
