from django.urls import path

from segments.api import people, segments

app_name = "segments-api"
urlpatterns = [
    path("segments", segments.SegmentsView.as_view(), name="list"),
    path("segments/preview", people.PreviewView.as_view(), name="preview"),
    path("segments/attributes", people.AttributesView.as_view(), name="attributes"),
    path("segments/<int:pk>", segments.SegmentView.as_view(), name="segment"),
    path("segments/<int:pk>/live", segments.LiveView.as_view(), name="live"),
    path("segments/<int:pk>/archive", segments.ArchiveView.as_view(), name="archive"),
    path("segments/<int:pk>/members", people.MembersView.as_view(), name="members"),
    path("segments/<int:pk>/explain", people.ExplainView.as_view(), name="explain"),
    path("segments/<int:pk>/check", people.CheckView.as_view(), name="check"),
]
