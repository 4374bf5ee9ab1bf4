from django.urls import path

from segments.views import acts, builder, detail, export, lists, pages

app_name = "segments"
urlpatterns = [
    path("", pages.index, name="list"),
    path("new/", builder.new, name="new"),
    path("library/", pages.starters, name="library"),
    path("catalogue/", pages.catalogue, name="catalogue"),
    path("<int:pk>/", detail.detail, name="detail"),
    path("<int:pk>/members/", detail.detail, {"tab": "members"}, name="members"),
    path("<int:pk>/members/pick/", acts.pick, name="pick"),
    path("<int:pk>/uses/", detail.detail, {"tab": "uses"}, name="uses"),
    path("<int:pk>/versions/", detail.detail, {"tab": "versions"}, name="versions"),
    path("<int:pk>/explain/", detail.detail, {"tab": "explain"}, name="explain"),
    path("<int:pk>/edit/", builder.edit, name="edit"),
    path("<int:pk>/launch/", acts.launch, name="launch"),
    path("<int:pk>/archive/", acts.archive, name="archive"),
    path("<int:pk>/export/", export.export, name="export"),
    path("export/<int:pk>/file/", export.file, name="export-file"),
    path("export/<int:pk>/about/", export.about, name="export-about"),
    path("<int:pk>/freeze/", lists.freeze, name="freeze"),
    path("lists/", lists.uploads, name="uploads"),
    path("lists/<int:pk>/", lists.upload, name="upload"),
    path("player/<int:pk>/", pages.player_panel, name="player-panel"),
]
