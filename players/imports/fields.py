"""What each kind of file may hold: the fields, how their cells are read, the names columns go by."""

import re
from dataclasses import dataclass, field
from typing import Any

from players.imports import values
from players.imports.sheet import Line
from players.imports.values import Parse, Reading, Wrong
from players.models import Payment, Player
from players.models.imports import Import

_RISKY = tuple("=+-@\t")


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    label: str
    parse: Parse
    help: str = ""
    required: bool = False  # in every line
    mapped: bool = False  # the file must have such a column; a cell of it may be empty
    names: tuple[str, ...] = ()  # what such a column is often called, in small letters and digits
    money: bool = False


@dataclass(frozen=True, slots=True)
class FileKind:
    """`permission`: who may import it. `doc`: what a line says, for the first page of the wizard."""

    kind: str
    doc: str
    columns: tuple[Column, ...]
    permission: str = "players.import"
    by_key: dict[str, Column] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {column.key: column for column in self.columns})

    @property
    def label(self) -> str:
        return str(Import.Kind(self.kind).label)


PLAYER = Column(
    "external_id", "Player id", values.text(64), "As the PAM knows the player.", required=True,
    names=("playerid", "userid", "customerid", "id", "player", "username", "accountid", "memberid", "customer"),
)  # fmt: skip
_MAIL = Column("email", "E-mail", values.email, names=("mail", "emailaddress", "epost"))
_PHONE = Column(
    "phone", "Phone", values.phone, "International, like +447700900123.",
    names=("mobile", "msisdn", "telephone", "phonenumber", "cell", "mobilephone", "sms"),
)  # fmt: skip
_AT = ("date", "time", "timestamp", "datetime", "createdat", "when", "occurred", "transactiondate")
_REFERENCE = "A name of its own makes a line a correction: it is added to what is there, and may be negative."
_STATUS = {status.value: status.value for status in Payment.Status} | {
    "success": "approved", "successful": "approved", "completed": "approved", "settled": "approved", "paid": "approved",
    "ok": "approved", "declined": "rejected", "failed": "rejected", "denied": "rejected", "canceled": "cancelled",
    "reversed": "rolled_back", "rollback": "rolled_back", "refunded": "rolled_back", "pending": "requested",
}  # fmt: skip
_DIRECTION = {
    "deposit": "deposit", "in": "deposit", "credit": "deposit", "payin": "deposit", "withdrawal": "withdrawal",
    "withdraw": "withdrawal", "out": "withdrawal", "payout": "withdrawal", "cashout": "withdrawal",
}  # fmt: skip
_KYC = {value: value for value in Player.Kyc.values} | {"yes": "verified", "no": "none", "approved": "verified"}
_CHANNELS = {
    name: name for name in ("email", "sms", "push", "onsite", "phone", "post", "social", "affiliate", "ads")
} | {
    "e_mail": "email", "mail": "email", "call": "phone", "telephone": "phone", "letter": "post", "affiliates": "affiliate",
}  # fmt: skip

KINDS = (
    FileKind(
        "players", "One line per player. New players are created, known ones get what the file says; an empty cell "
        "changes nothing.",
        (
            PLAYER,
            Column("registered_at", "Registered", values.moment, "Needed for players who are new here.",
                   names=("registrationdate", "regdate", "signup", "signupdate", "created", "createdat", "joined")),
            Column("currency", "Currency", values.currency, "The brand's, when there is no such column.",
                   names=("curr", "ccy", "currencycode")),
            Column("first_name", "First name", values.text(80), names=("firstname", "forename", "givenname")),
            Column("last_name", "Last name", values.text(80), names=("lastname", "surname", "familyname")),
            _MAIL, _PHONE,
            Column("birth_date", "Born", values.day, names=("birthdate", "dob", "dateofbirth", "birthday", "born")),
            Column("country", "Country", values.country, "ISO code, like GB.", names=("countrycode", "residence")),
            Column("language", "Language", values.language, names=("lang", "locale", "languagecode")),
            Column("timezone", "Time zone", values.zone, names=("tz",)),
            Column("kyc", "Identity check (KYC)", values.choice(_KYC), "Without its date, beside it, "
                   "it makes nobody verified against what is known already.", names=("kycstatus", "verified")),
            Column("kyc_at", "Identity checked", values.moment, "When; the newest word counts.",
                   names=("kycdate", "kycat", "verifiedat", "verifiedon", "verificationdate", "kycstatusdate")),
            Column("affiliate", "Affiliate", values.text(40), names=("affiliateid", "btag", "partner")),
            Column("acquisition_channel", "Acquisition channel", values.text(40), names=("channel", "source")),
            Column("first_deposit_at", "First deposit", values.moment, "Only its date; no amount is made up for it.",
                   names=("ftd", "ftddate", "firstdeposit", "firstdepositdate", "firstpay")),
            Column("is_test", "Test account", values.flag, names=("test", "testaccount", "istest")),
        ),
    ),
    FileKind("contacts", "One line per player with the address that is right now. An empty cell changes nothing.",
             (PLAYER, _MAIL, _PHONE)),
    FileKind(
        "consents", "One line per yes or no. The newest one per product and channel rules; somebody who is not in the "
        "file keeps what they said. A yes is taken with its evidence only: when, on which screen of which site, to which "
        "words. A no is always taken.",
        (
            PLAYER,
            Column("product", "Product", values.choice({name: name for name in ("casino", "betting", "bingo")}
                   | {"sports": "betting", "sport": "betting", "sportsbook": "betting"}), required=True,
                   names=("vertical", "productgroup")),
            Column("channel", "Channel", values.choice(_CHANNELS), required=True, names=("medium", "via")),
            Column("granted", "Agreed", values.flag, "yes or no.", required=True,
                   names=("consent", "optin", "agreed", "status", "value", "allowed")),
            Column("occurred_at", "Said when", values.moment, "A yes without a date is no evidence.", required=True,
                   names=(*_AT, "consentdate", "changedat", "updatedat")),
            Column("wording", "Wording shown", values.text(60), "Version of the words. A yes needs it.", mapped=True,
                   names=("version", "text", "policyversion", "terms")),
            Column("screen", "Screen", values.text(60), "Page or form on which it was asked. A yes needs it.",
                   mapped=True, names=("page", "form", "where", "whereitwasasked")),
            Column("origin", "Given on site", values.text(60), "Short name of the site it was given on. A yes needs it.",
                   mapped=True, names=("site", "website", "domain", "givenon", "consentorigin")),
        ),
        "players.import_consents",
    ),
    FileKind(
        "history", "One line per player and category: everything played before the feed began. Later lines with a "
        "reference correct it, up or down.",
        (
            PLAYER,
            Column("category", "Category", values.category, "slots, live_casino, table, sports, …", required=True,
                   names=("vertical", "gametype", "gamecategory", "producttype")),
            Column("stakes", "Stakes", values.number, required=True, money=True,
                   names=("turnover", "stake", "wagered", "bet", "totalstakes", "handle", "betamount")),
            Column("wins", "Wins", values.number, required=True, money=True,
                   names=("winnings", "won", "payout", "totalwinnings", "winamount")),
            Column("bets", "Bets", values.whole(-10**9, 10**9), required=True,
                   names=("rounds", "count", "numberofbets", "totalbets", "betcount")),
            Column("last_at", "Last played", values.moment, required=True,
                   names=(*_AT, "lastplayed", "lastbet", "lastactive", "lastactivedate", "last")),
            Column("first_at", "First played", values.moment, names=("firstplayed", "firstbet", "firstactivedate")),
            Column("reference", "Reference", values.text(80), _REFERENCE, names=("ref", "correctionid", "adjustment")),
        ),
    ),
    FileKind(
        "payments", "One line per status a payment reached. What is here already is left alone.",
        (
            PLAYER,
            Column("payment_id", "Payment id", values.text(100), required=True,
                   names=("transactionid", "txid", "reference", "transaction", "paymentreference")),
            Column("direction", "Deposit or withdrawal", values.choice(_DIRECTION), required=True,
                   names=("type", "transactiontype", "paymenttype", "kind")),
            Column("status", "Status", values.choice(_STATUS), "approved, when there is no such column.",
                   names=("state", "result", "outcome")),
            Column("amount", "Amount", values.number, required=True, money=True,
                   names=("value", "sum", "total", "amountminor")),
            Column("occurred_at", "When", values.moment, required=True, names=_AT),
            Column("method", "Method", values.text(30), names=("paymentmethod", "provider", "psp", "instrument")),
            Column("reason", "Reason", values.text(120), names=("declinereason", "message", "note")),
        ),
    ),
    FileKind("list", "One player id per line. They are put on a list you name; nobody is taken off it.", (PLAYER,)),
    FileKind(
        "attributes", "One line per player and attribute the brand has declared (Settings, Your own attributes). The "
        "newest word counts.",
        (
            PLAYER,
            Column("key", "Attribute", values.text(32), "The key it was declared with.", required=True,
                   names=("attribute", "name", "field", "property")),
            Column("value", "Value", values.text(80), "A number, a text, yes or no, or a day, as declared.",
                   required=True, names=("worth", "content", "data")),
            Column("told_at", "Said when", values.moment, "Now, when there is no such column.", names=_AT),
        ),
    ),
    FileKind(
        "suppressions", "One address per line that must not be written to. Addresses are added; an address that is "
        "missing from the file stays where it is.",
        (_MAIL, _PHONE), "players.import_consents",
    ),
)  # fmt: skip
BY_KIND = {one.kind: one for one in KINDS}


@dataclass(slots=True)
class Row:
    """A line as it will be kept: `values` holds only fields whose cell says something."""

    line: Line
    values: dict[str, Any]


def folded(name: str) -> str:
    """'Player-ID ' -> 'playerid'."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def read(kind: FileKind, mapping: dict[str, int], line: Line, width: int, reading: Reading) -> Row:
    """Raises Wrong with every cell that cannot be read, and what is missing."""
    if len(line.cells) > width and any(line.cells[width:]):
        raise Wrong(f"There are {len(line.cells)} cells, but {width} columns: a delimiter may be inside a cell.")
    found: dict[str, Any] = {}
    wrong: list[str] = []
    for key, number in mapping.items():
        column = kind.by_key[key]
        cell = plain(line.cells[number]) if number < len(line.cells) else ""
        if not cell:
            if column.required:
                wrong.append(f"{column.label}: is empty.")
            continue
        try:
            found[key] = column.parse(cell, reading)
        except Wrong as why:
            wrong.append(f"{column.label}: {why}")
    if wrong:
        raise Wrong(" ".join(wrong))
    return Row(line, found)


def plain(cell: str) -> str:
    """Without the quote our own error files put before what a spreadsheet would take for a formula."""
    if cell in ("NULL", "null", "\\N", "None", "N/A", "n/a"):
        return ""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_RISKY) else cell
