"""Charts as SVG elements, drawn from numbers alone. Used by csro_report.py; needs no ParaView."""

import math

from csro_markup import element, number, plain

INK, FAINT, GRID = "#222222", "#666666", "#dddddd"
DATA, COPIES, BAND = "#b2182b", "#4d4d4d", "#c8c8c8"  # apart for colour-blind readers and in print
PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#8a6d00", "#5a3d8a", "#7f7f7f")
LEFT, RIGHT, TOP, BOTTOM = 68, 18, 14, 46
LEGEND = 19
HIGHEST = 460  # of a map


def ticks(low, high, most=6):
    """Round numbers between two limits."""
    if not high > low:
        return [low]
    step = 10 ** math.floor(math.log10((high - low) / most))
    step = next(step * factor for factor in (1, 2, 5, 10) if (high - low) / (step * factor) <= most)
    first = math.ceil(low / step - 1e-9)
    return [round(k * step, 12) for k in range(first, math.floor(high / step + 1e-9) + 1)]


def tick_text(value):
    return number(int(value)) if float(value).is_integer() and abs(value) < 1e6 else plain(value)


def legend_rows(legend, width):
    """The legend as [(x, row, kind, colour, text)], as many side by side as there is room for."""
    placed, x, row = [], 0, 0
    for kind, colour, text in legend:
        needed = 40 + 6.3 * len(text)
        if x and x + needed > width:
            x, row = 0, row + 1
        placed.append((x, row, kind, colour, text))
        x += needed
    return placed


class Chart:
    """A frame with axes; what is drawn is in their units."""

    def __init__(self, title, x, y, size=(440, 280), names=("", ""), log=False, legend=(), equal=False):
        """x, y: limits; names: of the axes; legend: (kind, colour, text) with kinds line and area; equal: one scale for
        both axes, of which the height follows."""
        self.x, self.y, self.log = x, y, log
        self.width, height = size
        self.inner = self.width - LEFT - RIGHT
        if equal:
            self.inner = min(self.inner, max(60, HIGHEST * (x[1] - x[0]) / (y[1] - y[0])))
            self.width = self.inner + LEFT + RIGHT
        placed = legend_rows(legend, self.inner)
        self.top = TOP + LEGEND * (placed[-1][1] + 1 if placed else 0)
        self.span = self.inner * (y[1] - y[0]) / (x[1] - x[0]) if equal else height - TOP - BOTTOM
        self.height = self.top + self.span + BOTTOM
        self.root = element("svg", element("title", title), xmlns="http://www.w3.org/2000/svg", role="img",
                            viewBox=f"0 0 {self.width:.0f} {self.height:.0f}", width=f"{self.width:.0f}",
                            height=f"{self.height:.0f}", font_family="Helvetica, Arial, sans-serif", font_size="12")
        self._legend(placed)
        self._axes(names)

    def across(self, x):
        return LEFT + self.inner * (x - self.x[0]) / (self.x[1] - self.x[0])

    def down(self, y):
        low, high = self.y
        if self.log:
            y, low, high = (math.log10(max(value, low)) for value in (y, low, high))
        return self.top + self.span * (high - y) / (high - low)

    def add(self, tag, /, *content, **attributes):
        self.root.append(element(tag, *content, **{
            key: f"{value:.2f}" if isinstance(value, float) else value for key, value in attributes.items()}))

    def text(self, x, y, text, **attributes):
        self.add("text", text, x=float(x), y=float(y), fill=INK, **attributes)

    def _legend(self, placed):
        for x, row, kind, colour, text in placed:
            x, y = float(LEFT + x), float(TOP + LEGEND * row)
            if kind == "area":
                self.add("rect", x=x, y=y - 9, width="18", height="10", fill=colour)
            else:
                self.add("line", x1=x, x2=x + 18, y1=y - 4, y2=y - 4, stroke=colour, stroke_width="2")
            self.text(x + 23, y, text)

    def _axes(self, names):
        for x in ticks(*self.x, most=6 if self.inner > 250 else 4):
            at = self.across(x)
            self.add("line", x1=at, x2=at, y1=float(self.top), y2=float(self.top + self.span), stroke=GRID)
            self.text(at, self.top + self.span + 16, tick_text(x), text_anchor="middle")
        self.text(LEFT + self.inner / 2, self.height - 8, names[0], text_anchor="middle")
        if names[1] is None:  # nothing is to be read off upwards
            return
        for y in self._heights():
            at = self.down(y)
            self.add("line", x1=float(LEFT), x2=float(LEFT + self.inner), y1=at, y2=at, stroke=GRID)
            self.text(LEFT - 6, at + 4, tick_text(y), text_anchor="end")
        middle = self.top + self.span / 2
        self.text(16, middle, names[1], text_anchor="middle", transform=f"rotate(-90 16 {middle:.1f})")

    def _heights(self):
        if not self.log:
            return ticks(*self.y, most=6 if self.span > 150 else 4)
        first, last = (math.log10(value) for value in self.y)
        return [10 ** k for k in range(math.ceil(first - 1e-9), math.floor(last + 1e-9) + 1)]

    def frame(self):
        """The chart, finished."""
        self.add("rect", x=float(LEFT), y=float(self.top), width=float(self.inner), height=float(self.span), fill="none",
                 stroke=FAINT)
        return self.root

    def points(self, xs, ys):
        return " ".join(f"{self.across(x):.1f},{self.down(y):.1f}" for x, y in zip(xs, ys))

    def line(self, xs, ys, colour, width="1.5", dash=None):
        self.add("polyline", points=self.points(xs, ys), fill="none", stroke=colour, stroke_width=width,
                 stroke_dasharray=dash, stroke_linejoin="round")

    def area(self, xs, low, high, colour, opacity=None):
        self.add("polygon", points=self.points([*xs, *reversed(xs)], [*high, *reversed(low)]), fill=colour, fill_opacity=opacity)

    def bar(self, x0, x1, y, colour):
        top, bottom = self.down(y), self.down(self.y[0])
        self.add("rect", x=self.across(x0), y=top, width=self.across(x1) - self.across(x0), height=bottom - top,
                 fill=colour, fill_opacity="0.75", stroke=colour)

    def upright(self, x, text=None):
        """A dashed line from top to bottom."""
        at = self.across(x)
        self.add("line", x1=at, x2=at, y1=float(self.top), y2=float(self.top + self.span), stroke=FAINT,
                 stroke_dasharray="3 3")
        if text:
            right = at < LEFT + 0.6 * self.inner
            self.text(at + (5 if right else -5), self.top + 14, text, text_anchor="start" if right else "end")

    def range(self, x, low, high, value, colour, width=None, dot="4"):
        """A value with its interval, and the class that it holds for."""
        at = self.across(x)
        self.add("line", x1=at, x2=at, y1=self.down(low), y2=self.down(high), stroke=colour, stroke_width="1.6")
        if width:
            y = self.down(value)
            self.add("line", x1=self.across(width[0]), x2=self.across(width[1]), y1=y, y2=y, stroke=colour,
                     stroke_width="1.6")
        self.add("circle", cx=at, cy=self.down(value), r=dot, fill=colour)

    def circle(self, x, y, radius, colour, text):
        self.add("circle", element("title", text), cx=self.across(x), cy=self.down(y),
                 r=max(1.0, radius * self.inner / (self.x[1] - self.x[0])), fill=colour, fill_opacity="0.45", stroke=colour)


def share_of(values, part):
    """A quantile, between the values where it lies there."""
    values = sorted(values)
    at = part * (len(values) - 1)
    below = math.floor(at)
    return values[below] + (at - below) * (values[min(below + 1, len(values) - 1)] - values[below])


def above(value):
    """An upper limit with room above."""
    return 1.12 * value if value > 0 else 1.0


def sizes(title, histogram, copies, bin_width=5):
    """Histogram of the sizes of domains with the band of the copies."""
    last = max([k for k, n in enumerate(histogram) if n] + [k for copy in copies for k, n in enumerate(copy) if n] + [3])
    shown = min(last + 2, len(histogram))
    is_cut = shown < len(histogram)
    columns = [[copy[k] for copy in copies] for k in range(shown)] if copies else []
    low = [share_of(column, 0.05) for column in columns]
    high = [share_of(column, 0.95) for column in columns]
    legend = [("area", DATA, "data")]
    if len(copies) == 1:
        legend.append(("line", COPIES, "randomised copy"))
    elif copies:
        legend += [("area", BAND, "copies, 5 to 95 %"), ("line", COPIES, "copies, mean")]
    chart = Chart(title, (0, shown * bin_width), (0, above(max([*histogram[:shown], *high]))), legend=legend,
                  names=("ions per domain" + ("" if is_cut else f" (the last bar: {bin_width * (shown - 1)} and more)"),
                         "domains"))
    edges = [edge for k in range(shown) for edge in (k * bin_width, (k + 1) * bin_width)]
    if len(copies) > 1:
        chart.area(edges, [v for v in low for _ in (0, 1)], [v for v in high for _ in (0, 1)], BAND)
    for k, n in enumerate(histogram[:shown]):
        if n:
            chart.bar((k + 0.12) * bin_width, (k + 0.88) * bin_width, n, DATA)
    if copies:
        mean = [sum(column) / len(column) for column in columns]
        chart.line(edges, [v for v in mean for _ in (0, 1)], COPIES)
    return chart.frame()


def null_strip(title, unit, value, mean, band, copies):
    """The value of the data beside those of the copies."""
    low, high = min([value, band[0], *copies]), max([value, band[1], *copies])
    room = 0.08 * (high - low) or 0.5 * abs(high) or 0.5
    chart = Chart(title, (low - room if low < 0 or low - room > 0 else 0, high + room), (0, 1), size=(440, 118),
                  names=(unit, None))
    chart.area(list(band), [0.1, 0.1], [0.9, 0.9], BAND)
    for i, each in enumerate(copies):
        chart.add("circle", cx=chart.across(each), cy=chart.down(0.3 + 0.4 * (i * 0.618 % 1)), r="2.5", fill=COPIES,
                  fill_opacity="0.7")
    chart.line([mean, mean], [0.1, 0.9], COPIES)
    chart.line([value, value], [0.02, 0.98], DATA, "3")
    return chart.frame()


def curves(title, dz, named, spacing):
    """Mean z-SDMs; named: (name, colour, values). Dashed where planes are expected."""
    top = above(max(value for _, _, values in named for value in values))
    chart = Chart(title, (dz[0], dz[-1]), (0, top), names=("depth difference (nm)", "ion pairs per voxel and bin"),
                  legend=[("line", colour, name) for name, colour, _ in named])
    if spacing:
        for k in range(-math.floor(-dz[0] / spacing), math.floor(dz[-1] / spacing) + 1):
            chart.upright(k * spacing)
    for _, colour, values in named:
        chart.line(dz, values, colour)
    return chart.frame()


def room_around(values):
    """Limits of an axis that shows all of these."""
    low, high = min(values), max(values)
    room = 0.06 * (high - low) or 0.5 * abs(high) or 0.5
    return low - room, high + room


def intervals(title, x_name, y_name, named):
    """Values with their intervals; named: (name, colour, [(x, value, low, high, mean of the copies)]). Side by side where they
    have the same x."""
    every = [row for _, _, rows in named for row in rows]
    xs = sorted({row[0] for row in every})
    gap = min((b - a for a, b in zip(xs, xs[1:])), default=1)
    chart = Chart(title, (xs[0] - 0.6 * gap, xs[-1] + 0.6 * gap), room_around([0, *(end for row in every for end in row[2:4])]),
                  names=(x_name, y_name), legend=[("line", colour, name) for name, colour, _ in named])
    chart.line(chart.x, (0, 0), FAINT, "1", "3 3")
    step = 0.6 * gap / len(named)
    for k, (_, colour, rows) in enumerate(named):
        aside = (k - (len(named) - 1) / 2) * step
        for x, value, low, high, mean in rows:
            if mean is not None:
                chart.line((x + aside - 0.4 * step, x + aside + 0.4 * step), (mean, mean), "#999999", "3")
            chart.range(x + aside, low, high, value, colour, dot="2.5")
    return chart.frame()


def with_errors(title, x_name, y_name, named):
    """Lines with bands of their errors; named: (name, colour, [(x, value, error)])."""
    named = [(name, colour, rows) for name, colour, rows in named if len(rows) > 1]
    xs = [row[0] for _, _, rows in named for row in rows]
    top = max(value for _, _, rows in named for _, value, _ in rows)
    chart = Chart(title, (min(xs), max(xs)), (0, above(top)), names=(x_name, y_name),
                  legend=[("line", colour, name) for name, colour, _ in named])
    for _, colour, rows in named:
        at = [row[0] for row in rows]
        chart.area(at, [max(0, value - error) for _, value, error in rows],
                   [min(above(top), value + error) for _, value, error in rows], colour, "0.2")
        chart.line(at, [value for _, value, _ in rows], colour)
    return chart.frame()


def spectrum(title, masses, every, named):
    """Mass spectrum with a logarithmic axis; named: (name, colour, counts)."""
    legend = [("line", FAINT, "all ions")] + [("line", colour, name) for name, colour, _ in named]
    chart = Chart(title, (0, masses[-1]), (1, 2 * max([1, *every])), size=(900, 290), log=True, legend=legend[:12],
                  names=("mass-to-charge (Da)", "ions per bin"))
    chart.line(masses, every, FAINT, "1")
    for _, colour, counts in named:
        pairs = [(m, c) for m, c in zip(masses, counts) if c]
        for mass, count in pairs:
            at = chart.across(mass)
            chart.add("line", x1=at, x2=at, y1=chart.down(1), y2=chart.down(count), stroke=colour, stroke_width="1.6")
    return chart.frame()


def side_map(title, axes, bounds, domains, names):
    """Domains as circles at their centres; domains: (centre, radius, colour, text), of which axes are drawn."""
    first, second = axes
    chart = Chart(title, bounds[first], bounds[second], size=(440, 0), names=names, equal=True)
    for centre, radius, colour, text in domains:
        chart.circle(centre[first], centre[second], radius, colour, text)
    return chart.frame()


def recall(title, classes, limit):
    """Recall of planted domains by diameter; classes: (from, to, recall, low, high); limit: value, low and high."""
    ends = [to for _, to, *_ in classes]
    chart = Chart(title, (min(row[0] for row in classes), max(ends)), (0, 1.04),
                  names=("diameter of the planted domains (nm)", "share that is found"))
    if limit and limit[0] is not None:
        if limit[1] is not None and limit[2] is not None:
            low, high = (min(max(value, chart.x[0]), chart.x[1]) for value in limit[1:])
            chart.area([low, high], [0, 0], [1.04, 1.04], "#e4e4e4")
        if chart.x[0] <= limit[0] <= chart.x[1]:
            chart.upright(limit[0], f"half: {number(limit[0])} nm")
    for low_edge, high_edge, value, low, high in classes:
        chart.range((low_edge + high_edge) / 2, low, high, value, PALETTE[0], (low_edge, high_edge))
    return chart.frame()
