#!/usr/bin/env python3
"""Measures the reader on every labelled story in many layouts, and holds the bars on the worst of them.

Usage: layouts.py [--tool READ_COPY] [--every N] [--show MEASURE[:LAYOUT]] [--limit N] [--list]

A story of ../shared/data/reuters-21578-train.jsonl.gz is taken apart (headline, names, place, day, paragraphs) and put together
again as each layout of the table below has it; what was put in must be read out. --every 1 takes every story, 10 (the default)
each tenth and all that have an author. --show prints the failing files of one measure (headline, located, byline, invented), --list
an example of each layout. --tool names a read-copy that is built already. Leaves with status 1 when a bar is missed.
"""
import collections
import gzip
import json
import os
import re
import sys
import textwrap

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import measure  # noqa: E402

MONTHS = "January February March April May June July August September October November December".split()
BARS = {"headline": 0.99, "located": 0.98, "byline": 0.95}

Story = collections.namedtuple("Story", "title names place month day paragraphs slug")


def stories(every):
    """The stories whose parts are known for certain: a dateline of place, month and day, and copy under it."""
    with gzip.open(os.path.join(measure.DATA, "reuters-21578-train.jsonl.gz"), "rt") as file:
        records = [s for s in map(json.loads, file) if s["type"] == "NORM"]
    found, authors = [], []
    for record in records:
        author = re.sub(r"(?i)^by\s+|,?\s*reuters?d?\.?$", "", measure.plain(record["author"])).strip(" ,.")
        names = [n.strip() for n in re.split(r"(?i) and |, ", author)] if author else []
        line = re.match(r"(.*?)[,. ]+([A-Za-z]+)\.? (\d{1,2})\s*-+$", measure.plain(record["dateline"]))
        month = next((m for m in MONTHS if line and m[:3].lower() == line[2][:3].lower()), None)
        text = re.sub(r"\s*(?i:reuters?)\s*[\x03&#;\s]*$", "", record["body"])
        paragraphs = [measure.plain(p) for p in re.split(r"\n {3,}", text)]
        paragraphs = [p for p in paragraphs if p]
        if not month or not 1 <= int(line[3]) <= 31 or len(paragraphs) < 2 or len(paragraphs[0]) < 60:
            continue
        authors += [names] if names else []
        slug = "-".join(re.findall(r"[A-Z]{3,}", record["title"].upper())[:2]) or "STORY"
        found.append(Story(measure.plain(record["title"]), names, line[1].rstrip(" -,"), month, int(line[3]), paragraphs, slug))
    chosen = [s for i, s in enumerate(found) if i % every == 0 or s.names]
    # Every third story without an author gets one of another story, so that layouts are tried on more than the signed ones;
    # the others stay without: a byline that is read there is invented.
    return [s._replace(names=authors[i % len(authors)]) if not s.names and i % 3 == 0 else s for i, s in enumerate(chosen)]


def by(story, form="By {}, Reuters"):
    return [form.format(" and ".join(story.names))] if story.names else []


def upper(story):
    return story._replace(names=[n.upper() for n in story.names])


def titled(story):
    """The headline as newspapers print it: a capital at the start of each word of a headline that is all capitals."""
    return story._replace(title=re.sub(r"[A-Za-z']+", lambda w: w[0].capitalize(), story.title))


def body(story, dateline="{place}, {month} {day} - ", between=1, indent="", width=0):
    """The paragraphs under a dateline, `between` blank lines apart, each line at most `width` characters."""
    first = dateline.format(place=story.place, month=story.month, mon=story.month[:3], day=story.day)
    lines = []
    for number, paragraph in enumerate(story.paragraphs):
        text = indent + (first if number == 0 else "") + paragraph
        lines += textwrap.wrap(text, width, drop_whitespace=True, initial_indent="", break_long_words=False) if width else [text]
        lines += [""] * between
    return lines


def wire(story, signed=None):
    """The agency's own form: blank lines around the head, paragraphs indented and wrapped."""
    signed = by(story) if signed is None else signed
    return [story.title, ""] + (signed + [""] if signed else []) + wrapped(story)


def wrapped(story, **form):
    """Paragraphs as the wire has them: 4 spaces before the first line, 64 columns, no blank lines."""
    lines = []
    for line_of in body(story, between=0, **form):
        lines += textwrap.wrap(line_of, 64, initial_indent="    ", break_long_words=False)
    return lines


def modern(story, dateline="{place}, {month} {day} - ", signed=None):
    """One line for each paragraph, blank lines between."""
    signed = by(story, "By {}") if signed is None else signed
    return [story.title, ""] + (signed + [""] if signed else []) + body(story, dateline)


def labelled(story, date=False):
    lines = ["Slug: " + story.slug] if date else []
    lines += ["Headline: " + story.title] + ["Byline: " + b for b in by(story, "By {}")]
    lines += [f"Date: 1987-{MONTHS.index(story.month) + 1:02d}-{story.day:02d}"] if date else []
    return lines + [""] + body(story)


def reported(story):
    """The names at the end, where the agency puts them today."""
    credit = [f"(Reporting by {' and '.join(story.names)}; Editing by Mary Q. Harker)"] if story.names else []
    return modern(story, "{place}, {month} {day} (Reuters) - ", signed=[]) + credit


LAYOUTS = {
    "wire": wire,
    "byline right under, wrapped": lambda s: [s.title] + by(s) + [""] + wrapped(s),
    "no blank line, wrapped": lambda s: [s.title] + by(s) + wrapped(s),
    "no blank line, not wrapped": lambda s: [s.title] + by(s) + body(s, between=0),
    "blank lines, not wrapped": modern,
    "blank lines, wrapped at 72": lambda s: [s.title, ""] + by(s) + ["", *body(s, width=72)],
    "headline wrapped at 40": lambda s: textwrap.wrap(s.title, 40) + [""] + by(s) + ["", *wrapped(s)],
    "CRLF": lambda s: [line + "\r" for line in modern(s)],
    "CRLF, wrapped": lambda s: [line + "\r" for line in wire(s)],
    "all indented": lambda s: ["    " + line for line in modern(s)],
    "spaces at line ends": lambda s: [line + "   " for line in wire(s)],
    "tabs before paragraphs": lambda s: [s.title, ""] + by(s) + [""] + ["\t" + line for line in body(s, between=0)],
    "capitals only at words": lambda s: modern(titled(s)),
    "two blank lines": lambda s: [s.title, "", ""] + by(s) + ["", ""] + body(s, between=2),
    "slug first": lambda s: ["BC-" + s.slug, ""] + wire(s),
    "slug first, no blank line": lambda s: ["BC-" + s.slug] + modern(s),
    "slug with update and words": lambda s: [f"AM-{s.slug.title()}, 1st Ld-Writethru,0750"] + modern(titled(s)),
    "ANPA line": lambda s: [f"u f BC-{s.slug} 04-09 0321", ""] + modern(s),
    "ANPA line, wrapped": lambda s: [f"r i BC-{s.slug} 04-09 0321"] + wire(s),
    "IPTC 7901 frame": lambda s: [f"\x01RTR0123 4 FI 0321 {s.slug}\r", "\x02" + s.title + "\r", "\r"]
    + [line + "\r" for line in by(s) + [""] + wrapped(s)] + ["\x03"],
    "labelled fields": labelled,
    "labelled fields, slug and date": lambda s: labelled(s, date=True),
    "Markdown": lambda s: ["# " + s.title, ""] + by(s, "*By {}*") + [""] + body(s, "**{place}, {month} {day}** - "),
    "Markdown, underlined": lambda s: [s.title, "=" * len(s.title), ""] + by(s, "By **{}**") + [""] + body(s),
    "agency on the next line": lambda s: modern(s, signed=by(s, "By {}") + (["Reuters"] if s.names else [])),
    "AP writer on the next line": lambda s: modern(
        titled(upper(s)), "{place} (AP) _ ", by(upper(s), "By {}") + (["Associated Press Writer"] if s.names else [])),
    "byline in capitals": lambda s: modern(s, signed=by(upper(s), "BY {}")),
    "byline in small letters": lambda s: modern(s, signed=by(s, "by {}, reuters")),
    "byline with slash": lambda s: modern(s, signed=by(s, "By {} / Reuters")),
    "credit block at the end": lambda s: modern(s) + ["(Editing by Mary Q. Harker)", "", "((london.newsroom@example.org))"],
    "reporting by at the end": reported,
    "copyright at the end": lambda s: modern(s) + ["Copyright 1987 Reuters. All rights reserved."],
    "double hyphen": lambda s: modern(s, "{place}, {month} {day} -- "),
    "em dash": lambda s: modern(s, "{place}, {month} {day} \u2014 "),
    "en dash": lambda s: modern(s, "{place}, {month} {day} \u2013 "),
    "(Reuters) -": lambda s: modern(s, "{place} (Reuters) - "),
    "date (Reuters) -": lambda s: modern(s, "{place}, {mon} {day} (Reuters) - "),
    "(Reuters) and em dash": lambda s: modern(s, "{place} (Reuters) \u2014 "),
    "day before month": lambda s: modern(s, "{place}, {day} {month} (Reuters) - "),
    "year in the dateline": lambda s: modern(s, "{place}, {month} {day}, 1987 (AFP) - "),
    "slashes round the agency": lambda s: modern(s, "{place}, {month} {day} /PRNewswire/ -- "),
    "date above the headline": lambda s: [f"{s.month} {s.day}, 1987", ""] + modern(s, "{place} (Reuters) - "),
    "date under the headline": lambda s: [s.title, f"{s.month} {s.day}, 1987", ""] + modern(s, "{place} (Reuters) - ")[2:],
    "date under the byline": lambda s: [s.title, ""] + by(s, "By {}") + [f"{s.day} {s.month} 1987", "", *body(s, "{place} (Reuters) - ")],
}


def expected(name, story):
    """The headline as the layout prints it."""
    return titled(story).title if name in ("capitals only at words", "slug with update and words", "AP writer on the next line") else story.title


def judge(story, title, reading):
    """What is right, by measure, and what was said instead."""
    place = " / ".join(v[0] for v in reading["located"]).rstrip(". ").lower()
    names = sorted(v[0].lower() for v in reading["byline"])
    said = {"headline": measure.plain(measure.one(reading, "headline")), "located": measure.plain(place), "byline": names}
    right = {"headline": said["headline"] == title, "located": said["located"].replace(" / ", "/") == story.place.rstrip(". ").lower()}
    if story.names:
        right["byline"] = names == sorted(n.lower() for n in story.names)
    else:
        right["invented"] = not names
        said["invented"] = names
    return right, said


def measured(name, chosen, show, limit):
    """Right and all, by measure, of one layout."""
    documents = ["\n".join(LAYOUTS[name](s)).encode() for s in chosen]
    right, total = collections.Counter(), collections.Counter()
    for story, document, reading in zip(chosen, documents, measure.read(documents)):
        verdict, said = judge(story, expected(name, story), reading)
        for what, good in verdict.items():
            total[what] += 1
            right[what] += good
            if not good and show in (what, f"{what}:{name}") and limit > 0:
                limit -= 1
                print(f"  [{what}: {name}] said {said[what]!r}")
                print(textwrap.indent(document.decode()[:420], "    | "), "\n")
    return right, total


def table(chosen, show, limit):
    """Prints a line for each layout, and the worst; says whether every bar is reached."""
    print(f"{len(chosen)} stories in {len(LAYOUTS)} layouts, {sum(bool(s.names) for s in chosen)} of them signed")
    print(f"{'layout':34} {'headline':>9} {'located':>9} {'byline':>9} {'invented':>9}")
    worst, invented = {}, 0
    for name in LAYOUTS:
        right, total = measured(name, chosen, show, limit)
        rates = {what: right[what] / max(1, total[what]) for what in BARS}
        wrong = total["invented"] - right["invented"]
        invented += wrong
        marks = "".join(f"{rates[w]:9.4f}{' ' if rates[w] >= BARS[w] else '!'}" for w in BARS)
        print(f"{name:34} {marks}{wrong:8}{'!' if wrong else ''}")
        for what in BARS:
            worst[what] = min(worst.get(what, (2, "")), (rates[what], name))
    missed = False
    for what, bar in BARS.items():
        good = worst[what][0] >= bar
        missed |= not good
        print(f"worst {what:10} {worst[what][0]:.4f}   bar >= {bar}  {'ok' if good else 'MISS'}   ({worst[what][1]})")
    print(f"invented bylines {invented}   bar 0  {'MISS' if invented else 'ok'}")
    return not missed and not invented


def main():
    arguments = sys.argv[1:]
    options = {"--tool": None, "--every": "10", "--show": None, "--limit": "5"}
    if arguments == ["--list"]:
        sample = Story("COCOA PRICES RISE", ["Jane Smith"], "LONDON", "March", 16, ["Cocoa prices rose. " * 5] * 2, "COCOA")
        for name, layout in LAYOUTS.items():
            print(f"== {name}\n" + "\n".join(layout(sample)))
        return
    while len(arguments) >= 2 and arguments[0] in options:
        options[arguments[0]] = arguments[1]
        arguments = arguments[2:]
    if arguments:
        sys.exit(__doc__)
    if not os.path.isdir(measure.DATA):
        sys.exit(f"There is nothing to measure with: {measure.DATA} is missing (see docs/reading.md).")
    if options["--tool"]:
        measure.TOOL = options["--tool"]
    else:
        measure.build()
    if not table(stories(int(options["--every"])), options["--show"], int(options["--limit"])):
        sys.exit(1)


if __name__ == "__main__":
    main()
