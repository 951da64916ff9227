"""The figure of docs/performance.md as SVG, by the standard library alone."""
import math
from xml.sax.saxutils import escape

COLOURS = ("#1b6ca8", "#d1495b", "#3a7d44", "#8d5a97", "#b07d12")
WIDTH, LEFT, ROW = 900, 270, 22
INK, FAINT = "#222", "#ddd"


def text(x, y, words, anchor="start", colour=INK, size=12, weight="normal"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}" font-size="{size}" '
            f'font-weight="{weight}">{escape(words)}</text>')


def line(x1, y1, x2, y2, colour=FAINT, width=1):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width}"/>'


def dot(x, y, colour):
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{colour}" fill-opacity="0.85"/>'


def short(value):
    for unit, name in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= unit:
            return f"{value / unit:g} {name}"
    return f"{value:g}"


def decades(values):
    return range(math.floor(math.log10(min(values))), math.ceil(math.log10(max(values))) + 1)


def legend(names, x, y):
    out = []
    for i, name in enumerate(names):
        out += [dot(x, y - 4, COLOURS[i]), text(x + 9, y, name)]
        x += 30 + 7 * len(name)
    return out


def dot_panel(inputs, rows, top):
    """One row a command, one dot an input, lines a second on a logarithmic scale."""
    span = decades([v for _, values in rows for v in values if v])
    right, bottom = WIDTH - 30, top + 34 + ROW * len(rows)

    def at(value):
        return LEFT + (math.log10(value) - span[0]) / (span[-1] - span[0]) * (right - LEFT)

    out = [text(10, top + 14, "Lines a second", weight="bold", size=14), *legend(inputs, LEFT, top + 14)]
    for power in span:
        out += [line(at(10 ** power), top + 26, at(10 ** power), bottom),
                text(at(10 ** power), bottom + 15, short(10 ** power), "middle")]
    for i, (name, values) in enumerate(rows):
        y = top + 34 + ROW * (i + 0.5)
        out += [text(LEFT - 12, y + 4, name, "end"), line(LEFT, y, right, y)]
        out += [dot(at(value), y, COLOURS[k]) for k, value in enumerate(values) if value]
    return out, bottom + 40


def curve_panel(title, series, left, top, most):
    """Curves of nanoseconds a line, from zero, over a logarithmic scale."""
    width, height = WIDTH / 2 - 90, 200
    span = decades([x for points in series.values() for x in points])
    bottom = top + 30 + height

    def place(x, y):
        return left + (math.log10(x) - span[0]) / max(1, span[-1] - span[0]) * width, bottom - y / most * height

    out = [text(left - 45, top + 14, f"Nanoseconds a line, parse, {title}", weight="bold", size=13)]
    step = 10 ** math.floor(math.log10(most))
    step = step / 2 if most / step < 3 else step
    for i in range(int(most / step) + 1):
        _, y = place(10 ** span[0], i * step)
        out += [line(left, y, left + width, y), text(left - 8, y + 4, f"{i * step:g}", "end")]
    for power in span:
        x, _ = place(10 ** power, 0)
        out += [text(x, bottom + 16, short(10 ** power), "middle")]
    for k, points in enumerate(series.values()):
        spots = [place(x, y) for x, y in sorted(points.items())]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
        out.append(f'<polyline points="{path}" fill="none" stroke="{COLOURS[k]}" stroke-width="2"/>')
        out += [dot(x, y, COLOURS[k]) for x, y in spots]
    out += legend(list(series), left, bottom + 38)
    return out, bottom + 50


def figure(inputs, rows, curves):
    """rows: (command, lines a second by input or None); curves: (title, {name: {x: nanoseconds}})."""
    out, bottom = dot_panel(inputs, rows, 10)
    curves = [(title, series) for title, series in curves if series]
    most = 1.1 * max((y for _, series in curves for points in series.values() for y in points.values()), default=1)
    end = bottom
    for i, (title, series) in enumerate(curves):
        panel, end = curve_panel(title, series, 60 + i * WIDTH / 2, bottom, most)
        out += panel
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{end:.0f}" '
            f'viewBox="0 0 {WIDTH} {end:.0f}" font-family="sans-serif">')
    return "\n".join([head, '<rect width="100%" height="100%" fill="white"/>', *out, "</svg>\n"])
