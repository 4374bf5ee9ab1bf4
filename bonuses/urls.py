from django.urls import path

from bonuses.views import giving, grants, liability, templates

app_name = "bonuses"
urlpatterns = [
    path("", templates.templates, name="templates"),
    path("new/", templates.new, name="template-new"),
    path("<int:pk>/", templates.template, name="template"),
    path("<int:pk>/edit/", templates.edit, name="template-edit"),
    path("grants/", grants.grants, name="grants"),
    path("grants/<int:pk>/", grants.grant, name="grant"),
    path("grants/<int:pk>/end/", giving.end, name="grant-end"),
    path("give/<int:pk>/", giving.give, name="give"),
    path("gifts/<int:pk>/withdraw/", giving.withdraw, name="gift-withdraw"),
    path("liability/", liability.liability, name="liability"),
    path("player/<int:pk>/", grants.player_panel, name="player-panel"),
]
