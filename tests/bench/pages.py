"""How long an operator waits: pages over a real connection to a real server, logged in, one after the other.

The casino has the size of the scale, with twenty sessions and seven payments per player on average. Each
figure is the 95th percentile of a hundred requests as operators make them, in an order drawn by a seed.
"""

import random
import re
import statistics
import sys
from collections.abc import Callable, Iterator

import httpx

from compliance.models import Operator
from compliance.roles import Role
from players.models import Player, Session
from tests import cast
from tests.bench import Figure, Run, bench
from tests.bench.population import FIRST, LAST, Population, populate

REQUESTS = 100
TARGET = 200  # ms, p95 at a million players
_PASSWORD = "only-for-the-bench-1"
Asked = tuple[str, dict[str, str]]
HTMX = {"HX-Request": "true"}


@bench("population")
def population(run: Run) -> Iterator[Figure]:
    """How fast the casino itself is made."""
    with run.measure(items=run.players) as meter:
        made = _casino(run)
    yield Figure(made.players / meter.seconds, "players/s", meter=meter)
    yield Figure(made.sessions / meter.seconds, "sessions/s", meter=meter, name="population.sessions")


@bench("pages")
def pages(run: Run) -> Iterator[Figure]:
    """The list, the search and the player page, in one casino: making it takes longer than everything else."""
    made = _casino(run)
    browser = _logged_in(run.web())
    heartbeat = _measure(run, browser, lambda draw: ("/healthz", {}))
    kinds: dict[str, Callable[[random.Random], Asked]] = {
        "pages.list": _list(browser, made),
        "pages.search": lambda draw: _search(draw, made),
        "pages.player": _player(made),
    }
    for name, ask in kinds.items():
        times = _measure(run, browser, ask)
        p95 = statistics.quantiles(times, n=20)[18]
        median = statistics.median(times)
        sys.stderr.write(f"{name}: median {median:.1f} ms, p95 {p95:.1f} ms, longest {max(times):.1f} ms\n")
        yield Figure(
            p95, "ms p95", "the server's heartbeat, p95", p95 / statistics.quantiles(heartbeat, n=20)[18], name=name
        )
        yield Figure(median, "ms median", name=f"{name}.median")


def _casino(run: Run) -> Population:
    return populate(run.players, durable=False, say=lambda words: sys.stderr.write(f"{words}\n"))


def _logged_in(url: str) -> httpx.Client:
    operator = Operator.objects.create_user("bench@operator.test", "Bench", _PASSWORD)
    cast.seat(operator, Role.COMPLIANCE_OFFICER)
    browser = httpx.Client(base_url=url, timeout=60, follow_redirects=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get("/login/").text)
    assert token
    answer = browser.post(
        "/login/", data={"username": operator.email, "password": _PASSWORD, "csrfmiddlewaretoken": token[1]},
        headers={"Referer": f"{url}/login/"},
    )  # fmt: skip
    assert answer.status_code == 200
    assert "/login/" not in str(answer.url)
    return browser


def _measure(run: Run, browser: httpx.Client, ask: Callable[[random.Random], Asked]) -> list[float]:
    """Milliseconds of a hundred requests, after ten that warm up what a running server has warm."""
    draw = random.Random(1)
    times, slow = [], []
    for number in range(REQUESTS + 10):
        path, headers = ask(draw)
        answer = browser.get(path, headers=headers)
        assert answer.status_code == 200, (answer.status_code, path)
        took = answer.elapsed.total_seconds() * 1000
        if number >= 10:
            times.append(took)
            slow.append((took, path))
    for took, path in sorted(slow)[-3:]:
        sys.stderr.write(f"  {took:8.1f} ms  {path}\n")
    return times


_FILTERS = (
    "", "", "stage=2", "stage=5", "stage=3&country=GB", "country=IE", "kyc=verified", "played=7", "played=-30",
    "played=never", "deposits=some", "deposits=30", "verdict=protected", "verdict=allowed", "category=4", "vip=yes",
    "category=8&vip=yes", "kyc=rejected", "stage=2&country=SE&category=3",
)  # fmt: skip
_ORDERS = ("", "", "-state__last_play_day", "-state__deposit_sum_30d", "id")


def _list(browser: httpx.Client, made: Population) -> Callable[[random.Random], Asked]:
    """Half of the requests turn to the next page of the list before."""
    following: list[str] = []

    def ask(draw: random.Random) -> Asked:
        if following and draw.random() < 0.5:
            path = following.pop()
        else:
            path = f"/players/?{draw.choice(_FILTERS)}&sort={draw.choice(_ORDERS)}"
        more = re.search(r'href="\?([^"]*after=[^"]*)"', browser.get(path).text)
        following[:] = [f"/players/?{more[1].replace('&amp;', '&')}"] if more else []
        return path, {}

    return ask


def _search(draw: random.Random, made: Population) -> Asked:
    number = made.first + draw.randrange(made.players)
    first, last = draw.choice(FIRST.split()), draw.choice(LAST.split())
    words = draw.choice((
        f"u{number}", f"u{number // 100}", first[:3], last, f"{first} {last[:2]}", f"{first}.{last}".lower(),
        f"{first}.{last}{number}@".lower(), f"+4477{number % 100_000_000:08d}", f"+4477{number % 100_000_000:08d}"[:8],
        "u", "zzzz", "a",
    ))  # fmt: skip
    where = draw.choice(("/players/", "/players/", "/search/"))
    return f"{where}?{httpx.QueryParams(q=words)}", {**HTMX, "HX-Target": "rows"} if where == "/players/" else {}


def _player(made: Population) -> Callable[[random.Random], Asked]:
    """Page and tabs; one of four requests is about one of the hundred who play most."""
    from django.db.models import Count

    some = Player.objects.filter(pk__lt=made.first + 20_000)
    heavy = list(
        Session.objects.filter(player__in=some).values_list("player").annotate(n=Count("id")).order_by("-n")[:100]
    )

    def ask(draw: random.Random) -> Asked:
        pk = draw.choice(heavy)[0] if draw.random() < 0.25 else made.first + draw.randrange(made.players)
        tab = draw.choice(("", "timeline/", "timeline/", "state/", "play/", "money/"))
        return f"/players/{pk}/{tab}", HTMX if tab else {}

    return ask
