#!/usr/bin/env python3
"""Measures how well wire copy is read, against labelled stories in ../shared/data.

Usage: measure.py [--show WHAT] [--limit N] [SET ...]     SET: seeds reuters fundus xwlb languages speed (all by default)

--show lists what was read wrongly for one measure (headline, dateline, byline, date, authors, captions, body ...).
Needs Python 3 and the Swift toolchain, nothing else. Prints a table; docs/reading.md explains the measures.
"""
import collections
import csv
import datetime
import gzip
import json
import os
import re
import subprocess
import sys
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
DATA = os.path.join(os.path.dirname(ROOT), "shared", "data")
TOOL = os.path.join(HERE, ".build", "release", "read-copy")
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def build():
    subprocess.run(["swift", "build", "-c", "release", "--package-path", HERE], check=True, stdout=subprocess.DEVNULL)


def frames(documents):
    return b"".join(b"%d\n%s" % (len(d), d) for d in documents)


def read(documents):
    """The readings of documents (bytes), each a dict from field kind to a list of (value, rule, start, end, picture)."""
    out = subprocess.run([TOOL], input=frames(documents), stdout=subprocess.PIPE, check=True).stdout
    readings = []
    for line in out.split(b"\n"):
        if not line:
            continue
        fields = collections.defaultdict(list)
        for kind, start, end, rule, value, picture in json.loads(line)["fields"]:
            fields[kind].append((value, rule, start, end, picture))
        readings.append(fields)
    assert len(readings) == len(documents), "the tool stopped early"
    return readings


def one(reading, kind):
    return reading[kind][0][0] if reading.get(kind) else None


def plain(text):
    text = unicodedata.normalize("NFKC", text or "").replace("\u00ad", "").replace("\u200b", "")
    return " ".join(text.split())


def tokens(text):
    """Words, and the characters of scripts that write none apart."""
    return re.findall(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+", plain(text).lower())


def token_f1(a, b):
    a, b = collections.Counter(tokens(a)), collections.Counter(tokens(b))
    common = sum((a & b).values())
    return 2 * common / (sum(a.values()) + sum(b.values())) if a and b else float(not a and not b)


class Measure:
    """Counts right and wrong answers by name, and keeps the wrong ones to show."""

    def __init__(self, title, show, limit):
        self.title, self.show, self.limit = title, show, limit
        self.right = collections.Counter()
        self.total = collections.Counter()

    def count(self, name, right, explanation=""):
        self.total[name] += 1
        self.right[name] += right
        if right < 1 and name == self.show and self.limit > 0:
            self.limit -= 1
            print(f"  [{name}] {explanation}")

    def rate(self, name):
        return self.right[name] / self.total[name] if self.total[name] else 0.0

    def line(self, name, bar, value=None, note=""):
        value = self.rate(name) if value is None else value
        good = value <= bar[1] if bar[0] == "<=" else value >= bar[1]
        count = f"{self.total[name]}" if self.total[name] else ""
        print(f"{self.title:8} {name:34} {value:9.4f}   bar {bar[0]} {bar[1]:<7} {'ok  ' if good else 'MISS'} {count:>7} {note}")


def reuters(show, limit):
    stories = []
    with gzip.open(os.path.join(DATA, "reuters-21578-train.jsonl.gz"), "rt") as file:
        stories = [s for s in map(json.loads, file) if s["type"] == "NORM"]
    def file_of(story, dateline=True):
        head = story["title"] + "\n\n" + (story["author"] + "\n\n" if story["author"] else "")
        return (head + (story["dateline"] if dateline else "    ") + story["body"]).encode()
    m = Measure("reuters", show, limit)
    for story, r in zip(stories, read([file_of(s) for s in stories])):
        start = file_of(story)[:300]
        m.count("headline", plain(one(r, "headline")) == plain(story["title"]), (story["title"], one(r, "headline")))
        gold = plain(story["dateline"])
        if gold:
            m.count("dateline", plain(one(r, "dateline")) == gold, (gold, one(r, "dateline"), start))
            match = re.match(r"(?i)^(.*?)[,\s]+((?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?) (\d{1,2})\b", gold)
            place = plain(match[1] if match else re.sub(r"[\s\-]+$", "", gold)).rstrip(",. ").lower()
            said = plain(" / ".join(v[0] for v in r["located"])).rstrip(". ").lower()
            m.count("located", said == place or said.replace(" / ", "/") == place, (place, said, gold))
            if match and match[2].lower()[:3] in MONTHS:
                iso = "--%02d-%02d" % (MONTHS.index(match[2].lower()[:3]) + 1, int(match[3]))
                m.count("date", one(r, "contentcreated") == iso, (iso, one(r, "contentcreated"), gold))
        elif r["dateline"]:
            m.count("dateline invented", 1, (one(r, "dateline"), start))
        if story["author"]:
            name = re.sub(r"(?i)^by\s+|,?\s*reuters?d?\.?$", "", plain(story["author"])).strip(" ,.")
            names = sorted(n.strip().lower() for n in re.split(r"(?i) and |, ", name))
            said = sorted(v[0].lower() for v in r["byline"])
            m.count("byline", said == names, (story["author"], said))
        else:
            m.count("byline invented", bool(r["byline"]), "")
            if r["byline"] and show == "byline invented":
                print("  ", r["byline"], start)
        body = " ".join(v[0] for v in r["paragraph"])
        m.count("body", token_f1(body, story["body"]) > 0.98, (token_f1(body, story["body"]), start))
    with_dateline = [s for s in stories if s["dateline"].strip()]
    for story, r in zip(with_dateline, read([file_of(s, dateline=False) for s in with_dateline])):
        m.count("dateline invented", bool(r["dateline"]))
        if r["dateline"] and show == "dateline invented":
            print("  ", r["dateline"], file_of(story, dateline=False)[:200])
    m.line("headline", (">=", 0.99))
    m.line("dateline", (">=", 0.98))
    m.line("located", (">=", 0.97))
    m.line("date", (">=", 0.98))
    m.line("byline", (">=", 0.95))
    m.line("byline invented", ("<=", 0.0))
    m.line("dateline invented", ("<=", 0.005))
    m.line("body", (">=", 0.99), note="(own measure: token F1 > 0.98)")


def stated(text, dates):
    """Whether the text states one of the dates in full, in figures or with a month's name."""
    text = unicodedata.normalize("NFKC", text)
    for d in dates:
        y, mo, day = d.year, d.month, d.day
        forms = [
            rf"(?<!\d){y}[-./]\s?0?{mo}[-./]\s?0?{day}(?!\d)", rf"(?<!\d)0?{day}[-./]\s?0?{mo}[-./]\s?{y}(?!\d)",
            rf"(?<!\d)0?{mo}[-/]0?{day}[-/]{y}(?!\d)", rf"(?<!\d)0?{day}[./]0?{mo}[./]{y % 100:02d}(?!\d)",
            rf"{y}[年년]\s?0?{mo}[月월]\s?0?{day}[日일]",
            rf"(?<!\d)0?{day}(?:st|nd|rd|th|\.|er)?,?\s+(?:de\s+)?[^\W\d]{{3,}}\.?,?\s+(?:de\s+)?{y}(?!\d)",
            rf"[^\W\d]{{3,}}\.?\s+0?{day}(?:st|nd|rd|th)?,?\s+{y}(?!\d)",
        ]
        if any(re.search(form, text) for form in forms):
            return True
    return False


def fundus(show, limit):
    folder = os.path.join(DATA, "fundus-train")
    with open(os.path.join(folder, "gold.jsonl")) as file:
        pages = [json.loads(line) for line in file]
    raw = [open(os.path.join(folder, p["id"] + ".txt"), "rb").read() for p in pages]
    m = Measure("fundus", show, limit)
    tallies = {"authors": [0, 0, 0], "captions": [0, 0, 0]}
    scores = []
    for page, text, r in zip(pages, raw, read(raw)):
        text = text.decode(errors="replace")
        m.count("headline", plain(one(r, "headline")) == plain(page["title"]), (page["id"], page["title"], one(r, "headline")))
        if page["date"]:
            made = datetime.datetime.fromisoformat(page["date"])
            dates = {(made + datetime.timedelta(hours=h)).date() for h in (0, 9, -8)}
            if stated(text, dates):
                said = one(r, "contentcreated")
                m.count("date", said in {d.isoformat() for d in dates}, (page["id"], str(made), r["contentcreated"]))
            elif r["contentcreated"]:
                m.count("date invented", 1)
                if show == "date invented": print("  ", page["id"], page["date"], r["contentcreated"])
            else:
                m.count("date invented", 0)
        if page["authors"] is not None:
            gold = {plain(a).lower() for a in page["authors_in_crop"]}
            said = {plain(v[0]).lower() for v in r["byline"]}
            score(tallies["authors"], len(gold & said), len(said), len(gold))
            if show == "authors" and gold != said:
                print("  ", page["id"], "GOLD", gold, "SAID", r["byline"])
        gold = [plain(c) for c in page["captions_in_crop"]]
        said = [plain(v[0]) for v in r["caption"]]
        hits, missed, extra = match(gold, said)
        score(tallies["captions"], hits, len(said), len(gold))
        if show == "captions" and (missed or extra):
            print("  ", page["id"], *(f"\n      missed {c[:150]!r}" for c in missed), *(f"\n      extra {c[:150]!r}" for c in extra))
        body = "\n".join(v[0] for v in r["paragraph"])
        scores.append((token_f1(body, "\n".join(page["paragraphs"])), page["id"]))
        if show == "page":
            print(page["id"], json.dumps(r, ensure_ascii=False, indent=0)[:3000])
    m.line("headline", (">=", 0.90))
    m.line("date", (">=", 0.90), note="(pages whose crop states the day)")
    m.line("date invented", ("<=", 0.05), note="(own measure: the crop does not state the day)")
    for name, bar in (("authors", 0.75), ("captions", 0.60)):
        hit, said, gold = tallies[name]
        precision, recall = hit / max(1, said), hit / max(1, gold)
        m.line(name + " F1", (">=", bar), 2 * precision * recall / max(1e-9, precision + recall),
               f"(precision {precision:.3f}, recall {recall:.3f}, {gold} in the crops)")
    m.line("body token F1", (">=", 0.90), sum(s for s, _ in scores) / len(scores), "(mean over the pages)")
    if show == "body":
        for value, name in sorted(scores)[:limit]:
            print(f"   {value:.3f} {name}")
    if show == "difference":
        by_id = {p["id"]: (p, r) for p, r in zip(pages, read(raw))}
        for value, name in sorted(scores)[:limit]:
            difference(value, *by_id[name])


def difference(value, page, reading):
    """What the body has too much and too little."""
    print(f"== {value:.3f} {page['id']}")
    gold = [plain(p) for p in page["paragraphs"]]
    said = [plain(v[0]) for v in reading["paragraph"]]
    whole, spoken = " ".join(gold), " ".join(said)
    for p in said:
        if p not in whole: print("     extra ", repr(p[:110]))
    for p in gold:
        if p not in spoken: print("     missed", repr(p[:110]))


def score(tally, hits, said, gold):
    tally[0] += hits
    tally[1] += said
    tally[2] += gold


def match(gold, said):
    """Pairs captions whose token F1 is at least 0.7; returns hits, missed and extra ones."""
    missed, extra, hits = [], list(said), 0
    for caption in gold:
        best = max(extra, key=lambda other: token_f1(caption, other), default=None)
        if best is not None and token_f1(caption, best) >= 0.7:
            extra.remove(best)
            hits += 1
        else:
            missed.append(caption)
    return hits, missed, extra


def xwlb(show, limit):
    with gzip.open(os.path.join(DATA, "xwlb-2022-2024.jsonl.gz"), "rt") as file:
        items = [json.loads(line) for line in file]
    m = Measure("xwlb", show, limit)
    raw = [(i["title"] + "\n\n" + i["text"]).encode() for i in items]
    for item, r in zip(items, read(raw)):
        m.count("headline", plain(one(r, "headline")) == plain(item["title"]), (item["title"], one(r, "headline")))
        said = re.sub(r"\s", "", "".join(v[0] for v in r["paragraph"]))
        gold = re.sub(r"\s", "", item["text"])
        m.count("text whole", plain(said) == plain(gold), (item["id"], gold[:80], said[:80]))
        m.count("language", one(r, "language") == "zh", (item["title"], one(r, "language")))
    m.line("headline", (">=", 1.0))
    m.line("text whole", (">=", 0.99), note="(own measure: nothing lost or cut)")
    m.line("language", (">=", 0.99), note="(own measure)")


def languages(show, limit):
    csv.field_size_limit(10**9)
    with gzip.open(os.path.join(DATA, "semeval22-train.csv.gz"), "rt") as file:
        articles = [(row["lang" + n], row["text" + n].encode()) for row in csv.DictReader(file) for n in "12"]
    m = Measure("articles", show, limit)
    for (code, text), r in zip(articles, read([text for _, text in articles])):
        m.count("language", one(r, "language") == code, (code, one(r, "language"), text[:80]))
    m.line("language", (">=", 0.98), note="(own measure)")


def seeds(show, limit):
    folder = os.path.join(ROOT, "seeds")
    for name in sorted(os.listdir(folder)):
        r = read([open(os.path.join(folder, name), "rb").read()])[0]
        print(name, json.dumps({k: [v[0][:60] for v in vs] for k, vs in r.items()}, ensure_ascii=False))


def speed(show, limit):
    with gzip.open(os.path.join(DATA, "reuters-21578-train.jsonl.gz"), "rt") as file:
        stories = [json.loads(line) for line in file]
    english = [(s["title"] + "\n\n" + s["dateline"] + s["body"]).encode() for s in stories]
    english = [d for d in english if 2500 <= len(d) <= 3500][:400]
    folder = os.path.join(DATA, "fundus-train")
    pages = [open(os.path.join(folder, n), "rb").read() for n in sorted(os.listdir(folder)) if n.endswith(".txt")]
    with gzip.open(os.path.join(DATA, "xwlb-2022-2024.jsonl.gz"), "rt") as file:
        chinese = [(i["title"] + "\n\n" + i["text"]).encode() for i in map(json.loads, file)]
    chinese = [d for d in chinese if 2500 <= len(d) <= 3500][:400]
    m = Measure("speed", show, limit)
    recoded = [d.decode().encode("gb18030") for d in chinese]
    line = [b"One long line that never ends and says nothing. " * 1_040_000]
    brackets = [b"([" * 25_000_000]
    blanks = [b"Headline\n" + b"\n" * 1_000_000 + b"The end."]
    for name, bar, rounds, documents in (
        ("Reuters", 20.0, 15, english), ("Chinese", 20.0, 15, chinese), ("web pages", 40.0, 15, pages),
        ("Chinese in GB18030", 100.0, 15, recoded), ("a line of 50 MB", 20.0, 1, line),
        ("50 MB of brackets", 20.0, 1, brackets), ("a million blank lines", 100.0, 3, blanks),
    ):
        out = subprocess.run([TOOL, "--time", str(rounds)], input=frames(documents), stdout=subprocess.PIPE, check=True)
        figures = json.loads(out.stdout)
        note = "" if name in ("Reuters", "Chinese") else ", own measure"
        m.line(f"{name}: us for 3 KB", ("<=", bar), figures["nsperbyte"] * 3.072,
               f"({figures['documents']} documents of {figures['bytes'] // figures['documents']} bytes{note})")


def main():
    arguments = sys.argv[1:]
    show, limit = None, 30
    while arguments and arguments[0].startswith("--"):
        option = arguments.pop(0)
        if option == "--show" and arguments: show = arguments.pop(0)
        elif option == "--limit" and arguments: limit = int(arguments.pop(0))
        else: sys.exit(__doc__)
    if not os.path.isdir(DATA):
        sys.exit(f"There is nothing to measure with: {DATA} is missing (see docs/reading.md).")
    build()
    sets = {"seeds": seeds, "reuters": reuters, "fundus": fundus, "xwlb": xwlb, "languages": languages, "speed": speed}
    for name in arguments or sets:
        if name not in sets: sys.exit(__doc__)
        sets[name](show, limit)


if __name__ == "__main__":
    main()
