"""A chart of throughput against clients, as SVG that reads on light and on dark ground."""
import math
import statistics
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 80, 20, 60, 56
# Colour on light ground, on dark ground, and the shape of the points, for those who do not see the colours.
STYLES = (("#57606a", "#9aa4af", "square"), ("#0969da", "#58a6ff", "circle"),
          ("#bc4c00", "#f0883e", "diamond"), ("#8250df", "#bc8cff", "triangle"))
POINTS = {"square": "-5,-5 5,-5 5,5 -5,5", "diamond": "0,-7 7,0 0,7 -7,0", "triangle": "0,-6 6,5 -6,5"}


def draw(curves):
    """curves: by title, the figures of each round by the number of clients."""
    clients = sorted({count for curve in curves.values() for count in curve})
    top, step = _scale(max(max(figures) for curve in curves.values() for figures in curve.values()))

    def x(count):
        return LEFT + 30 + (WIDTH - LEFT - RIGHT - 60) * clients.index(count) / max(1, len(clients) - 1)

    def y(figure):
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * figure / top

    parts = [_style(len(curves)), *_axes(clients, top, step, x, y)]
    place = LEFT
    for number, (title, curve) in enumerate(curves.items()):
        parts.append(f'<g class="s{number}">')
        middle = [(x(count), y(statistics.median(curve[count]))) for count in clients]
        parts.append('<polyline class="line" points="' + " ".join(f"{a:.1f},{b:.1f}" for a, b in middle) + '"/>')
        for count, (a, b) in zip(clients, middle):
            parts.append(f'<path class="spread" d="M{a:.1f},{y(min(curve[count])):.1f}V{y(max(curve[count])):.1f}"/>')
            parts.append(_point(STYLES[number][2], a, b))
        parts += [*_legend(number, title, place), "</g>"]
        place += 36 + 7 * len(title)        # about the width of the text
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img">\n'
            "<title>Single-row INSERT: transactions a second by the number of clients</title>\n"
            + "\n".join(parts) + "\n</svg>\n")


def _scale(highest):
    """The end of the axis and the distance of its lines: a round number, for four to eight lines."""
    power = 10 ** math.floor(math.log10(highest / 4))
    step = next(power * factor for factor in (1, 2, 5, 10) if highest / (power * factor) <= 8)
    return step * math.ceil(highest / step), step


def _style(count):
    def colours(which, ground, ink, lines):
        rules = [f".ground {{ fill: {ground} }} text {{ fill: {ink} }} .grid {{ stroke: {lines} }}"]
        for n in range(count):
            rules.append(f".s{n} .line, .s{n} .spread {{ stroke: {STYLES[n][which]} }} .s{n} .point {{ fill: {STYLES[n][which]} }}")
        return "\n".join(rules)
    return ("<style>\ntext { font: 13px system-ui, sans-serif } .line { fill: none; stroke-width: 2 }\n"
            + colours(0, "#ffffff", "#1f2328", "#d0d7de") + "\n@media (prefers-color-scheme: dark) {\n"
            + colours(1, "#0d1117", "#e6edf3", "#3d444d") + "\n}\n</style>")


def _axes(clients, top, step, x, y):
    yield f'<rect class="ground" width="{WIDTH}" height="{HEIGHT}"/>'
    yield f'<text x="{LEFT}" y="20" font-weight="bold">Single-row INSERT: median of the rounds, lowest to highest</text>'
    for n in range(round(top / step) + 1):
        at = y(n * step)
        yield f'<path class="grid" d="M{LEFT},{at:.1f}H{WIDTH - RIGHT}"/>'
        yield f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{n * step:,.0f}</text>'
    for count in clients:
        yield f'<text x="{x(count):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{count}</text>'
    middle = (TOP + HEIGHT - BOTTOM) / 2
    yield f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 12}" text-anchor="middle">clients</text>'
    yield f'<text x="18" y="{middle}" text-anchor="middle" transform="rotate(-90 18 {middle})">transactions a second</text>'


def _legend(number, title, place):
    yield _point(STYLES[number][2], place + 6, 40)
    yield f'<text x="{place + 18}" y="44">{escape(title)}</text>'


def _point(shape, x, y):
    if shape == "circle":
        return f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
    return f'<polygon class="point" points="{POINTS[shape]}" transform="translate({x:.1f} {y:.1f})"/>'
