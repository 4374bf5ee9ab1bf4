from django.apps import AppConfig


class SegmentsConfig(AppConfig):
    name = "segments"
    # A version is what players were selected by; it is never rewritten.
    append_only = ("segments_version",)

    def ready(self) -> None:
        from segments.language import (  # noqa: F401  fills the registry
            catalogue,
            catalogue_of_habits,
            catalogue_of_words,
            nested,
        )
