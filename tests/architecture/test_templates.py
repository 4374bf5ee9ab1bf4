"""Templates: the words of the interface, no inline code, only icons that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# Words of the code that no operator uses (the interface's own are in the brackets of the message).
ENGINEERS = re.compile(
    r"\b(arbiter|fold(?:ed|ing|s)?|standing|enrol(?:l)?ments?|lanes?|facts?|at[ -]risk|hand-?off|blast.radius|"
    r"prospect|ftd|ngr-[12]|quarantined_at|payload|boolean|null|lorem)\b",
    re.IGNORECASE,
)
CODES = re.compile(r"\b(?:DENY|ALLOW)_[A-Z_]+\b")
INLINE = re.compile(r"<style\b|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=[\"']|hx-on|javascript:|js:\{", re.IGNORECASE)


def words(path: Path) -> str:
    """What a reader sees: without comments, tags and attributes that are not text."""
    text = re.sub(r"{%\s*comment\s*%}.*?{%\s*endcomment\s*%}|{#.*?#}", " ", path.read_text(), flags=re.DOTALL)
    tags = " ".join(re.findall(r"{%\s*(?:empty|figure|badge)\s.*?%}", text, flags=re.DOTALL))
    quoted = " ".join(re.findall(r'"([^"]*)"', tags))
    spoken = " ".join(re.findall(r'(?:title|placeholder|aria-label|alt)="([^"{]*)"', text))
    bare = re.sub(r"{%.*?%}|{{.*?}}", " ", text, flags=re.DOTALL)
    return " ".join([re.sub(r"<[^>]*>", " ", bare), quoted, spoken])


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_speaks_the_words_of_the_interface(path: Path) -> None:
    found = {match.group(0) for match in ENGINEERS.finditer(words(path))} | set(CODES.findall(words(path)))

    assert not found, f"say it as an operator would: {sorted(found)}"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_needs_no_inline_code(path: Path) -> None:
    text = re.sub(r"{%\s*comment\s*%}.*?{%\s*endcomment\s*%}", " ", path.read_text(), flags=re.DOTALL)
    if "email/" in str(path) or path.name.endswith("pdf.html"):
        pytest.skip("not a page of a browser")

    assert not INLINE.search(text), INLINE.search(text)


def test_every_icon_that_is_named_exists() -> None:
    known = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static" / "icons.svg").read_text()))
    used = {
        (name, str(path.relative_to(ROOT)))
        for path in TEMPLATES
        for name in re.findall(r'{%\s*icon\s+"([^"]+)"', path.read_text())
    }

    assert {pair for pair in used if pair[0] not in known} == set()


def test_no_file_that_a_page_asks_for_lives_on_somebody_elses_machine() -> None:
    loads = re.compile(r'(?:src|href|hx-get)="(?:https?:)?//[^"]+"')

    found = {(str(path.relative_to(ROOT)), hit) for path in TEMPLATES for hit in loads.findall(path.read_text())}
    assert found == set()
