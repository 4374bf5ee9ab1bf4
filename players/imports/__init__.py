"""Bulk import: players who were there before us, with what they had done by then."""

from players.imports.opening import ImportReport, Opening, import_players

__all__ = ["ImportReport", "Opening", "import_players"]
