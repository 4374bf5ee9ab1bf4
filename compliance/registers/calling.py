"""Calls to registers: hosts an administrator allowed, one attempt, bounded in time and size, no redirect followed.

The key comes from the environment: who can write to the database can neither read it nor send it elsewhere.
"""

import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from compliance.models import RegisterAccess
from compliance.registers.contract import UNAVAILABLE, Adapter, Answer, Call, Reply
from config.lib import env

CONNECT, READ, WHOLE = 2.0, 5.0, 8.0  # seconds; WHOLE stops who sends a byte a second
LARGEST = 4 * 1024 * 1024
AT_ONCE = 8
_LOCAL = {"127.0.0.1", "localhost", "::1"}


class NotConfigured(Exception):
    """The address or the key is not set up; says which."""


def key_of(access: RegisterAccess) -> str:
    key = env.text(access.key_name) if access.key_name.startswith("REGISTER_KEY_") else ""
    if not key or not key.isascii() or not key.isprintable():
        raise NotConfigured(f"{access.key_name or 'The key'} is not set in the environment of the worker.")
    return key


def address(access: RegisterAccess) -> str:
    parts = urlsplit(access.base_url)
    if parts.netloc not in settings.REGISTER_HOSTS:
        raise NotConfigured(f"{parts.netloc or 'its host'} is not among REGISTER_HOSTS.")
    if parts.scheme != "https" and not (parts.scheme == "http" and (parts.hostname or "") in _LOCAL):
        raise NotConfigured("Its address must begin with https://.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise NotConfigured("Its address holds no user, password, query or fragment.")
    return access.base_url.rstrip("/")


def ask(base: str, adapter: Adapter, calls: Sequence[Call]) -> dict[int, Answer]:
    """An answer for everybody in `calls`; who got none is unavailable. Touches no database."""
    limits, timeout = httpx.Limits(max_connections=AT_ONCE), httpx.Timeout(READ, connect=CONNECT)
    found: dict[int, Answer] = {}
    with (
        httpx.Client(timeout=timeout, limits=limits, follow_redirects=False, trust_env=False) as client,
        ThreadPoolExecutor(AT_ONCE, thread_name_prefix="register") as pool,
    ):
        for answers in pool.map(lambda call: _ask(client, base, adapter, call), calls):
            found |= answers
    return found


def _ask(client: httpx.Client, base: str, adapter: Adapter, call: Call) -> dict[int, Answer]:
    started = time.monotonic()
    try:
        reply = _reply(client, base, call, started + WHOLE)
        answers = adapter.read(call, reply)
        why = f"answered {reply.status}"
    except (httpx.HTTPError, ValueError) as error:
        answers, why = {}, f"no usable answer: {type(error).__name__}"
    took = round((time.monotonic() - started) * 1000)
    silent = Answer(UNAVAILABLE, "", why)
    told = {about: answers.get(about, silent) for about in call.about}
    return {about: Answer(one.result, one.reference, one.detail[:200], took) for about, one in told.items()}


def _reply(client: httpx.Client, base: str, call: Call, until: float) -> Reply:
    content = {"data": dict(call.form)} if call.form is not None else {"json": call.body}
    with client.stream("POST", base + call.path, headers=dict(call.headers), **content) as answer:
        raw = bytearray()
        for piece in answer.iter_bytes(16 * 1024):
            raw += piece
            if len(raw) > LARGEST or time.monotonic() > until:
                raise ValueError("too long")
        headers = {name.lower(): value for name, value in answer.headers.items()}
        try:
            body = json.loads(bytes(raw)) if raw else None
        except ValueError:
            body = None  # a gateway's page of HTML says nothing
        return Reply(answer.status_code, headers, body)
