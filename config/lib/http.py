"""Who may call a view, and how a page answers htmx."""

from collections.abc import AsyncIterator, Callable, Iterator
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from asgiref.sync import sync_to_async
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.loader import render_to_string

View = Callable[..., HttpResponse]


def requires(permission: str) -> Callable[[View], View]:
    """Only operators whose seats hold `permission` get in; others see the 403 page.

    Holding it at one brand is enough to open the page; from then on only the brands where it is held exist for the
    request (see players.access).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.may(permission):  # type: ignore[union-attr]
                raise PermissionDenied(permission)
            request.permission = permission  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def typed(request: HttpRequest, name: str = "q", longest: int = 100) -> str:
    """What somebody typed into a field of a page asked for by GET: no longer than that, and fit for the database."""
    return request.GET.get(name, "").replace("\0", "").strip()[:longest]


def streamed(request: HttpRequest, chunks: Iterator[bytes], content_type: str) -> StreamingHttpResponse:
    """Sends piece by piece, whichever server it is: Django would read a plain iterator to its end before the first
    byte leaves an asynchronous one."""

    async def one_by_one() -> AsyncIterator[bytes]:
        step = sync_to_async(lambda: next(chunks, None))
        while (chunk := await step()) is not None:
            yield chunk

    is_async = isinstance(request, ASGIRequest)
    return StreamingHttpResponse(one_by_one() if is_async else chunks, content_type=content_type)


class HtmxAnswers:
    """Middleware: a redirect answered to htmx becomes a page load, and pending messages ride along.

    htmx would follow a redirect silently and swap a whole page (or the login form) into a fragment.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.htmx or request.htmx.boosted:  # type: ignore[attr-defined]
            return response
        if response.status_code in (301, 302, 303):
            answer = HttpResponse(status=204)
            answer.cookies = response.cookies
            answer["HX-Redirect"] = _here(request, response["Location"])
            return answer
        if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
            pending = get_messages(request)
            if len(pending):
                response.content += render_to_string("ui/messages.html", {"messages": pending, "oob": True}).encode()
        return response


def _here(request: HttpRequest, location: str) -> str:
    """A login redirect names the fragment as `next`; the operator wants the page back he was on."""
    url = request.htmx.current_url  # type: ignore[attr-defined]
    if url and "?next=" in location:
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return f"{location.split('?', 1)[0]}?{urlencode({'next': path})}"
    return location
