"""Time and memory per shape over the number of players, drawn, and the slope named."""

import math
from collections.abc import Mapping, Sequence
from html import escape

Points = Mapping[int, float]  # players -> milliseconds or MB
_WIDTH, _HEIGHT, _LEFT, _TOP = 380, 260, 60, 50
_COLOURS = ("#206bc4", "#d63939", "#2fb344", "#f76707", "#ae3ec9", "#17a2b8", "#f59f00", "#4263eb", "#667382")


def slope(points: Points) -> float | None:
    """The exponent: 1 = twice the players cost twice as much. None for one scale alone."""
    if len(points) < 2:
        return None
    logs = [(math.log(players), math.log(max(cost, 0.01))) for players, cost in points.items()]
    mean_x, mean_y = (sum(values) / len(logs) for values in zip(*logs, strict=True))
    return sum((x - mean_x) * (y - mean_y) for x, y in logs) / sum((x - mean_x) ** 2 for x, _ in logs)


def words(points: Points) -> str:
    exponent = slope(points)
    return "slope unknown: one scale" if exponent is None else f"∝ players^{exponent:.2f}"


def draw(costs: Mapping[str, Mapping[int, tuple[float, float]]]) -> str:
    """Two panels side by side, both axes logarithmic: a straight line at 45° is 'in proportion'."""
    panels = []
    for place, (title, unit) in enumerate(
        (("Time of a full evaluation", "ms"), ("Memory of the database's own", "MB"))
    ):
        lines = {name: {n: cost[place] for n, cost in points.items()} for name, points in costs.items()}
        panels.append(f'<g transform="translate({place * 640} 0)">{_panel(title, unit, lines)}</g>')
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1280 350" font-family="sans-serif" font-size="12">'
        f'<rect width="1280" height="350" fill="#fff"/>{"".join(panels)}</svg>\n'
    )


def _panel(title: str, unit: str, lines: Mapping[str, Points]) -> str:
    scales = sorted({players for points in lines.values() for players in points})
    costs = [max(cost, 0.1) for points in lines.values() for cost in points.values()]
    low, high = math.floor(math.log10(min(costs))), math.ceil(math.log10(max(costs)) + 0.01)
    left, right = math.log10(scales[0]) - 0.1, math.log10(scales[-1]) + 0.1

    def x(players: int) -> float:
        return _LEFT + (math.log10(players) - left) / (right - left) * _WIDTH

    def y(cost: float) -> float:
        return _TOP + _HEIGHT - (math.log10(max(cost, 0.1)) - low) / (high - low) * _HEIGHT

    parts = [f'<text x="{_LEFT}" y="24" font-size="15">{escape(title)}, {unit}</text>']
    for power in range(low, high + 1):
        parts.append(f'<path d="M{_LEFT} {y(10**power):.1f}h{_WIDTH}" stroke="#dadfe5"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y(10**power) + 4:.1f}" text-anchor="end">{10**power:,g}</text>')
    for players in scales:
        parts.append(f'<text x="{x(players):.1f}" y="{_TOP + _HEIGHT + 20}" text-anchor="middle">{players:,}</text>')
    for place, (name, points) in enumerate(lines.items()):
        parts.append(_line(name, points, [(x(n), y(cost)) for n, cost in points.items()], place))
    return "".join(parts)


def _line(name: str, points: Points, at: Sequence[tuple[float, float]], place: int) -> str:
    colour, row = _COLOURS[place % len(_COLOURS)], _TOP + 12 + place * 18
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in at)
    return (
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>{dots}'
        f'<text x="{_LEFT + _WIDTH + 12}" y="{row}" fill="{colour}">{escape(name.upper())} {words(points)}</text>'
    )
