from django.urls import path

from reporting.views import ngr, player

app_name = "reports"
urlpatterns = [
    path("ngr/", ngr.ngr, name="ngr"),
    path("ngr.pdf", ngr.ngr_pdf, name="ngr-pdf"),
    path("ngr.csv", ngr.ngr_csv, name="ngr-csv"),
    path("ngr/definitions/", ngr.start_definitions, name="ngr-definitions"),
    path("ngr/player/<int:pk>/", player.ngr_player, name="ngr-player"),
    path("ngr/drill/<slug:key>/", ngr.ngr_drill, name="ngr-drill"),
]
