"""Draws what was measured, as SVG that is legible on light and on dark pages: it brings its own background."""
import math
import os
from html import escape

STYLE = """<style>
  .page { fill: #ffffff } text { font: 12px system-ui, sans-serif; fill: #24292f } .title { font-size: 14px; font-weight: 600 }
  .soft { fill: #57606a } .grid { stroke: #d0d7de; stroke-width: 1 } .line { fill: none; stroke-width: 2 }
  .a { fill: #0969da; stroke: #0969da } .b { fill: #8250df; stroke: #8250df } .c { fill: #bc4c00; stroke: #bc4c00 }
  .d { fill: #6e7781; stroke: #6e7781 } .line.a, .line.b, .line.c, .line.d { fill: none } .dash { stroke-dasharray: 5 4 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #161b22 } text { fill: #e6edf3 } .soft { fill: #9da7b1 } .grid { stroke: #3d444d }
    .a { fill: #58a6ff; stroke: #58a6ff } .b { fill: #bc8cff; stroke: #bc8cff } .c { fill: #f0883e; stroke: #f0883e }
    .d { fill: #9da7b1; stroke: #9da7b1 }
  }
</style>"""


class Picture:
    def __init__(self, width, height, title):
        self.width, self.height, self.parts = width, height, []
        self.text(16, 24, title, kind="title")

    def text(self, x, y, text, anchor="start", kind=""):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">{escape(text)}</text>')

    def bar(self, x, y, width, height, kind):
        self.parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 1):.1f}" height="{height}" class="{kind}"/>')

    def line(self, points, kind):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(f'<polyline points="{path}" class="line {kind}"/>')

    def dots(self, points, kind):
        self.parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" class="{kind}"/>' for x, y in points]

    def rule(self, x1, y1, x2, y2):
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="grid"/>')

    def save(self, path):
        with open(path, "w") as file:
            file.write(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
                       f'width="{self.width}" height="{self.height}">\n{STYLE}\n'
                       f'<rect class="page" width="{self.width}" height="{self.height}" rx="6"/>\n')
            file.write("\n".join(self.parts) + "\n</svg>\n")


def bars(path, title, groups, unit):
    """Horizontal bars: groups of (heading, [(label, value, class)])."""
    height = 44 + sum(26 + 24 * len(entries) for _, entries in groups)
    picture, largest = Picture(760, height, title), max(value for _, entries in groups for _, value, _ in entries)
    y = 44
    for heading, entries in groups:
        picture.text(16, y + 12, heading, kind="soft")
        y += 22
        for label, value, kind in entries:
            picture.text(250, y + 13, label, anchor="end")
            picture.bar(260, y, value / largest * 370, 17, kind)
            picture.text(268 + value / largest * 370, y + 13, unit(value))
            y += 24
        y += 4
    picture.save(path)


def throughput(path, results):
    groups = []
    for name in ("burst", "burst_large"):
        found = results[name]
        entries = [("floor", found["floor_per_s"], "d"), ("copytaster, committed", found["per_s"], "a"),
                   ("copytaster, searchable", found["indexed_per_s"], "b")]
        if name == "burst" and results.get("python"):
            entries.append(("Python stack", results["python"]["per_s"], "c"))
        groups.append((f"a burst of {found['files']:,} files", entries))
    bars(path, "Files a second", groups, lambda value: f"{value:,.0f}")


def stages(path, results):
    entries = [(name, us, "a") for name, us in results["stages"].items()]
    bars(path, "Each stage alone, microseconds a file", [("one thread, nothing to wait for", entries)],
         lambda value: f"{value:.1f}")


def latency(path, results):
    """How large a share of the files was durable after how long."""
    series = [(results[f"latency_{rate}"][what]["all_ms"], kind, dash, f"{what}, {rate:,} files/s")
              for rate, kind in ((20, "a"), (1_000, "c")) for what, dash in (("daemon", ""), ("floor", " dash"))]
    low = min(min(waits) for waits, *_ in series)
    high = max(max(waits) for waits, *_ in series)
    picture = Picture(760, 360, "From rename to durable: the share of files that took at most so long")
    scale = axis(picture, 60, 50, 460, 250, low, high, lambda value: f"{value:g} ms")
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = 300 - share * 250
        picture.rule(60, y, 520, y)
        picture.text(54, y + 4, f"{share:.0%}", anchor="end", kind="soft")
    for row, (waits, kind, dash, label) in enumerate(series):
        ordered = sorted(waits)
        step = max(1, len(ordered) // 300)
        points = [(scale(value), 300 - (i + 1) / len(ordered) * 250) for i, value in enumerate(ordered)]
        picture.line(points[::step] + points[-1:], kind + dash)
        picture.line([(536, 76 + row * 22), (562, 76 + row * 22)], kind + dash)
        picture.text(570, 80 + row * 22, label)
    picture.save(path)


def axis(picture, left, top, width, height, low, high, label):
    """A logarithmic axis below a field; returns the function from a value to its place."""
    first, last = math.log10(low), math.log10(max(high, low * 1.01))

    def place(value):
        return left + (math.log10(value) - first) / (last - first) * width

    for power in range(math.floor(first), math.ceil(last) + 1):
        if low <= 10**power <= high:
            picture.rule(place(10**power), top, place(10**power), top + height)
            picture.text(place(10**power), top + height + 18, label(10**power), anchor="middle", kind="soft")
    return place


def growth(path, results):
    steps = results["growth"]
    fields = [
        ("cost a file, us (dashed: processor)", [("us", "a"), ("cpu_us", "a dash")]),
        ("resident, MB (dashed: restarted)", [("resident_mb", "b"), ("resident_after_start_mb", "b dash")]),
        ("store : text delivered (dashed: search index)", [("store_ratio", "c"), ("search_ratio", "c dash")]),
        ("restart: READY, s (dashed: first verdict)", [("ready_s", "d"), ("first_verdict_s", "d dash")]),
    ]
    picture = Picture(760, 470, f"Growth to {steps[-1]['stories']:,} stories")
    for number, (title, lines) in enumerate(fields):
        left, top = 56 + number % 2 * 370, 70 + number // 2 * 210
        picture.text(left, top - 12, title, kind="soft")
        high = max(step[key] for step in steps for key, _ in lines) * 1.1
        place = axis(picture, left, top, 290, 130, steps[0]["stories"] * 0.9, steps[-1]["stories"] * 1.1,
                     lambda value: f"{value:,}")
        for part in (0, 0.5, 1):
            y = top + 130 - part * 130
            picture.rule(left, y, left + 290, y)
            picture.text(left - 6, y + 4, f"{high * part:.3g}", anchor="end", kind="soft")
        for key, kind in lines:
            points = [(place(step["stories"]), top + 130 - step[key] / high * 130) for step in steps]
            picture.line(points, kind)
            picture.dots(points, kind.split()[0])
    picture.save(path)


def write(directory, results):
    os.makedirs(directory, exist_ok=True)
    throughput(f"{directory}/throughput.svg", results)
    latency(f"{directory}/latency.svg", results)
    growth(f"{directory}/growth.svg", results)
    if results.get("stages"):
        stages(f"{directory}/stages.svg", results)
