from django.urls import path

from compliance.views import asking, decisions, exports, home, overrides, people, rules, switching, trail

app_name = "compliance"
urlpatterns = [
    path("", home.home, name="home"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("decisions/<int:pk>/", decisions.decision, name="decision"),
    path("restrictions/", people.restrictions, name="restrictions"),
    path("consents/", people.consents, name="consents"),
    path("rules/", rules.rules, name="rules"),
    path("rules/<int:brand_id>/<str:rule>/switch/", switching.switch, name="switch"),
    path("rules/switches/<int:pk>/sign/", switching.sign, name="sign"),
    path("rules/switches/<int:pk>/decline/", switching.decline, name="decline"),
    path("overrides/<int:pk>/", overrides.override, name="override"),
    path("overrides/<int:pk>/decline/", overrides.decline, name="decline-override"),
    path("ask/", asking.ask, name="ask"),
    path("audit/", trail.audit, name="audit"),
    path("audit/<int:pk>/", trail.entry, name="entry"),
    path("exports/", exports.exports, name="exports"),
    path("exports/<int:pk>/", exports.file, name="export-file"),
    path("stop/", trail.stop, name="stop"),
    path("stop/<int:brand_id>/resume/", trail.resume, name="resume"),
    path("players/<int:pk>/panel/", people.player_panel, name="player-panel"),
    path("players/<int:pk>/proof/", people.proof, name="proof"),
    path("players/<int:pk>/block/<str:what>/", people.block, name="block"),
]
