"""The sheet an e-mail is written on: one column, the brand above, the obligatory words small below.

Mail programs know little CSS: tables and inline styles carry the look, the style block only the dark one.
"""

from html import escape

from campaigns.models import Attempt

_FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_TEXT = "margin:0 0 16px;font-size:16px;line-height:1.55"
_SMALL = "margin:0 0 6px;font-size:12px;line-height:1.5;color:#5b6876"
_BUTTON = (
    "display:inline-block;padding:12px 22px;border-radius:6px;background:#1f4f8f;color:#ffffff;"
    "font-size:16px;font-weight:600;text-decoration:none"
)
_DARK = (
    "@media (prefers-color-scheme:dark){.paper{background:#12171d!important}"
    ".sheet{background:#1b222b!important;color:#e8ecf1!important}.sheet p,.sheet a{color:#e8ecf1!important}"
    ".small p,.small a{color:#9aa7b5!important}.sheet a.button{background:#7fb0f0!important;color:#12171d!important}}"
)


def framed(attempt: Attempt) -> str:
    """The attempt's words on a sheet; not one of them is added or left out but the brand's name above."""
    brand = escape(attempt.player.brand.name)
    body, _, foot = attempt.html.rpartition("<hr>")
    plain_button = f'<p><a href="{escape(attempt.url)}">{escape(attempt.button)}</a></p>'
    button = ""
    if attempt.button and attempt.url and body.endswith(plain_button):
        body = body.removesuffix(plain_button)
        button = plain_button.replace("<a ", f'<a class="button" style="{_BUTTON}" ')
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f"<title>{escape(attempt.subject)}</title><style>{_DARK}</style></head>"
        '<body class="paper" style="margin:0;padding:0;background:#f5f6f8">'
        f'<table role="presentation" class="paper" width="100%" cellpadding="0" cellspacing="0" style="background:#f5f6f8;{_FONT}">'
        '<tr><td align="center" style="padding:24px 12px">'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px">'
        '<tr><td class="sheet" style="background:#ffffff;border-radius:8px;padding:28px 32px;color:#1d2733">'
        f'<p style="margin:0 0 20px;font-size:18px;font-weight:700">{brand}</p>'
        f"{_styled(body, _TEXT)}{_styled(button, 'margin:24px 0 8px')}</td></tr>"
        f'<tr><td class="small" style="padding:18px 32px 0">{_styled(foot, _SMALL)}</td></tr>'
        "</table></td></tr></table></body></html>"
    )


def _styled(markup: str, style: str) -> str:
    return markup.replace("<p>", f'<p style="{style}">')
