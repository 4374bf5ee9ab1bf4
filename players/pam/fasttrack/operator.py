"""Calls to an operator's API: one host, one attempt, bounded in time and size, no redirect followed.

The address is set up by an administrator, the host must be among OPERATOR_API_HOSTS, and the key comes from
the environment: who can write to the database can neither read a secret nor send one elsewhere.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
from django.conf import settings

from config.lib import env
from players.models import OperatorApi
from players.pam.generic.reading import Malformed, is_storable, parse

CONNECT, READ, WHOLE = 2.0, 3.0, 5.0  # seconds; WHOLE also stops who sends a byte a second
LARGEST = 256 * 1024
AT_ONCE = 8
PATIENCE = 20.0  # seconds for all calls of a batch; what is not begun by then waits for the next
_LOCAL = {"127.0.0.1", "localhost", "::1"}
LONGEST_PAUSE = 3600


class Told(Enum):
    ANSWER = "answered"
    UNKNOWN = "knows no such player"  # 404: perhaps not yet
    BUSY = "asks for a pause"
    NOTHING = "gave no usable answer"
    NOT_ASKED = "was not asked"


@dataclass(frozen=True, slots=True)
class Outcome:
    told: Told
    body: dict[str, Any] | None = None
    detail: str = ""
    pause: float = 0.0  # seconds it asked for


@dataclass(frozen=True, slots=True)
class Question:
    what: str
    external_id: str


class NotConfigured(Exception):
    """The address or the key of this API is not set up; says which."""


def ask_all(api: OperatorApi, questions: Sequence[Question]) -> list[Outcome]:
    """An outcome for each, in their order. Touches no database. Raises NotConfigured before the first call."""
    base, headers = (
        address(api),
        {api.key_header: _key(api), "Accept": "application/json", "Accept-Encoding": "identity"},
    )
    deadline = time.monotonic() + PATIENCE
    limits = httpx.Limits(max_connections=AT_ONCE)
    timeout = httpx.Timeout(READ, connect=CONNECT)
    with httpx.Client(
        headers=headers, timeout=timeout, limits=limits, follow_redirects=False, trust_env=False
    ) as client, ThreadPoolExecutor(AT_ONCE, thread_name_prefix="operator") as pool:  # fmt: skip
        return list(pool.map(lambda question: _ask(client, base, question, deadline), questions))


def address(api: OperatorApi) -> str:
    """Its base address, without a slash at the end. Raises NotConfigured."""
    parts = urlsplit(api.base_url)
    host = parts.hostname or ""
    if parts.netloc not in settings.OPERATOR_API_HOSTS:
        raise NotConfigured(f"{parts.netloc or 'its host'} is not among OPERATOR_API_HOSTS.")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOCAL):
        raise NotConfigured("Its address must begin with https://.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise NotConfigured("Its address holds no user, password, query or fragment.")
    return api.base_url.rstrip("/")


def _key(api: OperatorApi) -> str:
    key = env.text(api.key_name) if api.key_name.startswith("OPERATOR_API_KEY_") else ""
    if not key or not key.isascii() or not key.isprintable():
        raise NotConfigured(f"{api.key_name} is not set in the environment of the worker.")
    return key


def _ask(client: httpx.Client, base: str, question: Question, deadline: float) -> Outcome:
    started = time.monotonic()
    if started > deadline:
        return Outcome(Told.NOT_ASKED)
    url = f"{base}/user{question.what}/{quote(question.external_id, safe='')}"
    try:
        with client.stream("GET", url) as answer:
            return _read(answer, started + WHOLE)
    except httpx.HTTPError as error:
        return Outcome(Told.NOTHING, detail=f"No answer: {type(error).__name__}.")


def _read(answer: httpx.Response, until: float) -> Outcome:
    status = answer.status_code
    if status == 404:
        return Outcome(Told.UNKNOWN, detail="Answered 404: no such player.")
    if status in (429, 503):
        pause = answer.headers.get("Retry-After", "")
        seconds = min(float(pause), LONGEST_PAUSE) if pause.isdecimal() else 5.0
        return Outcome(Told.BUSY, detail=f"Answered {status}.", pause=max(1.0, seconds))
    if status != 200:
        return Outcome(Told.NOTHING, detail=f"Answered {status}.")
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        return Outcome(Told.NOTHING, detail="The answer is packed, which was not asked for.")
    raw = bytearray()
    for piece in answer.iter_raw(16 * 1024):
        raw += piece
        if len(raw) > LARGEST:
            return Outcome(Told.NOTHING, detail=f"The answer is larger than {LARGEST // 1024} kB.")
        if time.monotonic() > until:
            return Outcome(Told.NOTHING, detail=f"The answer took longer than {WHOLE:.0f} s.")
    try:
        body = parse(bytes(raw))
    except Malformed as error:
        return Outcome(Told.NOTHING, detail=str(error))
    if type(body) is not dict or not is_storable(body):
        return Outcome(Told.NOTHING, detail="The answer is not an object of plain text and numbers.")
    return Outcome(Told.ANSWER, body)
