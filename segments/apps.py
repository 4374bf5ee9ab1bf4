from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig


class SegmentsConfig(AppConfig):
    name = "segments"
    # A version is what players were selected by; it is never rewritten.
    append_only = ("segments_version",)

    def ready(self) -> None:
        """Fills the registry."""
        from segments import language

        for module in iter_modules(language.__path__):
            if module.name.startswith(("catalogue", "nested")):
                import_module(f"{language.__name__}.{module.name}")
