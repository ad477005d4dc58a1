#!/usr/bin/env python3
"""Measures how well the articles of web pages are read, beside other programs that do it, in one run.

Usage: pages.py [--half A|B] [--show MEASURE] [--limit N] [--peers] [--speed]

The pages are those of ../shared/data/pages-train: 145 newspaper pages whose paragraphs, title, authors, date and captions are
known, and 415 pages of all kinds with sentences that must and that must not be in the text. The measure of the text is
that of scrapinghub's article-extraction-benchmark: 4-grams of words as multisets, precision and recall of each page,
averaged. --half takes the pages of every second publisher: rules are made on one half and checked on the other.
--peers needs trafilatura, readability-lxml and newspaper4k (a virtual environment with them will do).
"""
import argparse
import collections
import datetime
import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
import time
import unicodedata
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
DATA = os.path.join(os.path.dirname(ROOT), "shared", "data")
TOOL = os.path.join(HERE, ".build", "release", "read-page")
WORD = re.compile(r"\w+", re.UNICODE)
UNSEEN = {0xAD: None, 0x200B: None, 0x200C: None, 0x2060: None, 0xFEFF: None}


# The pages

class Page:
    def __init__(self, name, gold, host):
        self.name, self.gold, self.host = name, gold, host
        with gzip.open(os.path.join(DATA, "pages-train", name + ".html.gz")) as file:
            self.bytes = file.read()
        self.half = "AB"[hashlib.sha256(host.encode()).digest()[0] & 1]


def rows(path):
    with open(os.path.join(DATA, path), encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def labelled():
    return [Page(row["id"], row, row["id"].split("_")[1]) for row in rows("fundus-train/gold.jsonl")]


def excerpted():
    result = []
    for row in rows("pages-train/snippets.jsonl"):
        host = urllib.parse.urlsplit(row["url"]).netloc.lower().split(":")[0]
        result.append(Page(row["id"], row, ".".join(host.split(".")[-2:])))
    return result


# The readers: each gives text, title, date and authors of a page

def ours(pages):
    subprocess.run(["swift", "build", "-c", "release", "--package-path", HERE], check=True, stdout=subprocess.DEVNULL)
    framed = b"".join(b"%d\n%s" % (len(page.bytes), page.bytes) for page in pages)
    out = subprocess.run([TOOL], input=framed, stdout=subprocess.PIPE, check=True).stdout
    readings = [json.loads(line) for line in out.split(b"\n") if line]
    assert len(readings) == len(pages), "the tool stopped early"
    result = []
    for reading in readings:
        fields = collections.defaultdict(list)
        for kind, rule, value in reading["fields"]:
            fields[kind].append((value, rule))
        values = {kind: [value for value, _ in found] for kind, found in fields.items()}
        result.append({
            "text": "\n".join(values.get("paragraph", [])), "title": (values.get("headline") or [None])[0],
            "date": (values.get("contentcreated") or [None])[0], "authors": values.get("byline", []),
            "captions": values.get("caption", []), "fields": fields})
    return result


def trafilatura(pages, fast=False):
    import trafilatura as library
    result = []
    for page in pages:
        found = library.bare_extraction(page.bytes, with_metadata=True, include_comments=False, fast=fast)
        result.append({
            "text": found.text if found else "", "title": found.title if found else None,
            "date": found.date if found else None,
            "authors": [name.strip() for name in (found.author or "").split(";") if name.strip()] if found else []})
    return result


def readability(pages):
    import logging

    import readability as library
    from lxml import html
    logging.disable(logging.CRITICAL)
    result = []
    for page in pages:
        try:
            document = library.Document(page.bytes)
            summary = html.fromstring(document.summary())
            text = "\n".join(node if isinstance(node, str) else "" for node in summary.itertext())
            result.append({"text": text, "title": document.short_title(), "date": None, "authors": []})
        except Exception:
            result.append({"text": "", "title": None, "date": None, "authors": []})
    return result


def newspaper(pages):
    import newspaper as library
    result = []
    for page in pages:
        try:
            article = library.Article("https://example.org/", fetch_images=False)
            article.download(input_html=page.bytes.decode("utf-8", "replace"))
            article.parse()
            date = article.publish_date.isoformat() if article.publish_date else None
            result.append({"text": article.text, "title": article.title, "date": date, "authors": article.authors})
        except Exception:
            result.append({"text": "", "title": None, "date": None, "authors": []})
    return result


READERS = {"copytaster": ours, "trafilatura": trafilatura, "readability-lxml": readability, "newspaper4k": newspaper}


# The measures

def shingles(text, n=4):
    words = WORD.findall((text or "").translate(UNSEEN))
    if not words:
        return collections.Counter()
    return collections.Counter(tuple(words[i:i + n]) for i in range(max(1, len(words) - n + 1)))


def match(gold, found):
    """True positives, false positives and false negatives."""
    gold, found = shingles(gold), shingles(found)
    true = sum((gold & found).values())
    return true, sum(found.values()) - true, sum(gold.values()) - true


def plain(text):
    return " ".join(unicodedata.normalize("NFKC", text or "").replace("\u00ad", "").replace("\u200b", "").split())


def letters(text):
    return "".join(WORD.findall(plain(text).lower()))


def day(text):
    """The day in UTC and as written: a page may state either."""
    if not text:
        return set()
    days = {text[:10]}
    try:
        moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
        if moment.tzinfo:
            days.add(moment.astimezone(datetime.timezone.utc).date().isoformat())
    except ValueError:
        pass
    return days


def measure_labelled(pages, readings, show, limit):
    precisions, recalls, worst = [], [], []
    right = collections.Counter()
    names = collections.Counter()
    captions = collections.Counter()
    for page, reading in zip(pages, readings):
        true, excess, missing = match("\n".join(page.gold["paragraphs"]), reading["text"])
        precision = true / (true + excess) if true + excess else 0.0
        recall = true / (true + missing) if true + missing else 1.0
        if true + excess:
            precisions.append(precision)
        recalls.append(recall)
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        worst.append((f1, page.name, round(precision, 3), round(recall, 3)))
        gold, found = letters(page.gold["title"]), letters(reading["title"])
        ok = {"headline": gold == found, "date": bool(day(page.gold["date"]) & day(reading["date"]))}
        for measure, is_right in ok.items():
            right[measure] += is_right
            if show == measure and not is_right:
                key = "title" if measure == "headline" else "date"
                print(f"  {page.name}: {page.gold[key]!r} {reading[key]!r}")
        if page.gold["authors"] is not None:
            count_names(names, page.gold["authors"], reading["authors"], show == "authors" and page.name)
        if page.gold["captions"]:
            count_names(captions, page.gold["captions"], reading.get("captions", []), show == "captions" and page.name)
    if show == "text":
        for row in sorted(worst)[:limit]:
            print("  %.3f %s precision %s recall %s" % row)
    precision, recall = sum(precisions) / len(precisions), sum(recalls) / len(recalls)
    return {"F1": 2 * precision * recall / (precision + recall), "precision": precision, "recall": recall,
            "headline": right["headline"] / len(pages), "date": right["date"] / len(pages), "authors": f1_of(names),
            "captions": f1_of(captions)}


def count_names(counter, gold, found, name):
    gold, found = {letters(text) for text in gold or []}, {letters(text) for text in found}
    counter["true"] += len(gold & found)
    counter["found"] += len(found)
    counter["gold"] += len(gold)
    if name and gold != found:
        print(f"  {name}: {sorted(gold - found)} | {sorted(found - gold)}")


def f1_of(counter):
    return 2 * counter["true"] / (counter["found"] + counter["gold"]) if counter["found"] + counter["gold"] else 1.0


def measure_excerpts(pages, readings, show):
    right = total = with_right = with_total = without_right = 0
    dates = [0, 0]
    for page, reading in zip(pages, readings):
        text = letters(reading["text"])
        missing = [sentence for sentence in page.gold["with"] if letters(sentence) not in text]
        excess = [sentence for sentence in page.gold["without"] if letters(sentence) in text]
        with_total += len(page.gold["with"])
        with_right += len(page.gold["with"]) - len(missing)
        without_right += len(page.gold["without"]) - len(excess)
        total += len(page.gold["with"]) + len(page.gold["without"])
        if page.gold["date"]:
            dates[1] += 1
            dates[0] += bool(day(page.gold["date"]) & day(reading["date"]))
            if show == "dates" and not day(page.gold["date"]) & day(reading["date"]):
                print(f"  {page.name}: {page.gold['date']} {reading['date']}")
        if show == "excerpts" and (missing or excess):
            print(f"  {page.name} missing {missing} excess {excess}")
    right = with_right + without_right
    return {"accuracy": right / total, "recall": with_right / with_total,
            "kept out": without_right / (total - with_total), "date": dates[0] / max(1, dates[1])}


def speed(pages):
    """Time for each page of about 174 KB, ours and trafilatura's fast mode, one processor each."""
    import trafilatura as library
    chosen = sorted(pages, key=lambda page: abs(len(page.bytes) - 174_000))[:20]
    size = sum(len(page.bytes) for page in chosen) / len(chosen)
    framed = b"".join(b"%d\n%s" % (len(page.bytes), page.bytes) for page in chosen)
    out = subprocess.run([TOOL, "--time", "10"], input=framed, stdout=subprocess.PIPE, check=True).stdout
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        for page in chosen:
            library.bare_extraction(page.bytes, with_metadata=True, include_comments=False, fast=True)
        best = min(best, time.process_time() - start)
    print(f"pages of {size / 1000:.0f} KB: copytaster {json.loads(out)['ns'] / 1e6:.2f} ms, "
          f"trafilatura, fast {best / len(chosen) * 1000:.2f} ms")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--half", choices="AB")
    arguments.add_argument("--show", default="")
    arguments.add_argument("--limit", type=int, default=40)
    arguments.add_argument("--peers", action="store_true")
    arguments.add_argument("--only")
    arguments.add_argument("--speed", action="store_true")
    options = arguments.parse_args()
    if not os.path.isdir(os.path.join(DATA, "pages-train")):
        sys.exit(f"{DATA}/pages-train is missing: these measurements need it")
    sets = [labelled(), excerpted()]
    for half in ([options.half] if options.half else ["A", "B", None]):
        chosen = [[page for page in pages if half in (None, page.half)] for pages in sets]
        for name, reader in READERS.items():
            if name == (options.only or "copytaster") or options.peers:
                first = measure_labelled(chosen[0], reader(chosen[0]), options.show, options.limit)
                second = measure_excerpts(chosen[1], reader(chosen[1]), options.show)
                print(f"{'half ' + half if half else 'all':7}{name:18}" + "  ".join(f"{k} {v:.3f}" for k, v in first.items())
                      + " | " + "  ".join(f"{k} {v:.3f}" for k, v in second.items()), flush=True)
    if options.speed:
        speed(sets[0])


if __name__ == "__main__":
    main()
