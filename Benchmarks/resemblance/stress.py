#!/usr/bin/env python3
"""Measures judgement on a stress set: other events in the same words must be no copies, corrected copies must stay copies.

Usage: stress.py [BINARY] [--stories N] [--rituals N] [--show KIND] [--limit N]

Real stories in ten languages (../shared/data) are changed by rule: names, places, offices, ordinals and dates, throughout a story
or in an announcement that has each once; announcements are laid into long texts of other stories; ritual items meet those of
another year; one name's spelling is corrected in a long story. Each pair goes to `copytaster compare --json`, or all of them to
`measure judge`, if BINARY is Benchmarks/resemblance's `measure`, which takes seconds instead of minutes. The set is fixed
by a hash of each story, in two halves: --show prints pairs of the open half, which one may look at and tune to; of the other
half there are figures only, and they are the result. Leaves with status 1 when a bar is missed.
"""
import argparse
import collections
import concurrent.futures
import csv
import difflib
import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import events  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DATA = os.path.join(os.path.dirname(ROOT), "shared", "data")
FALSE_BAR = MISSED_BAR = 0.005
NO_COPY = {"partial", "related", "unrelated", "none", "new"}

Pair = collections.namedtuple("Pair", "kind language key earlier later copy")


def digest(text):
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def is_open(key):
    """Whether a pair is of the half that may be looked at; all pairs of one story are of one half."""
    return digest("half" + key) % 2 == 0


def articles(count):
    """`count` stories for each language, by hash: (language, key, headline, text)."""
    csv.field_size_limit(10**9)
    found = collections.defaultdict(dict)
    with gzip.open(os.path.join(DATA, "semeval22-train.csv.gz"), "rt") as file:
        for row in csv.DictReader(file):
            for n in "12":
                text = row["text" + n]
                headline, _, rest = re.sub(r" ?\n+ ?", "  ", text.strip(), count=1).partition("  ")
                if row["lang" + n] in events.PLACES and 800 <= len(text) <= 9000 and 20 <= len(headline) <= 200:
                    found[row["lang" + n]][text[:200]] = (headline, rest)
    found.pop("zh", None)
    for item in rituals():
        if 250 <= len(item["text"]) <= 4000:
            found["zh"][item["id"]] = (item["title"], item["text"])
    for language, stories in sorted(found.items()):
        for key in sorted(stories, key=digest)[:count]:
            yield (language, language + key, *stories[key])


def rituals():
    with gzip.open(os.path.join(DATA, "xwlb-2022-2024.jsonl.gz"), "rt") as file:
        return [json.loads(line) for line in file]


def ritual_pairs(count):
    items = {i["id"]: i for i in rituals()}
    with gzip.open(os.path.join(DATA, "xwlb-2022-2024-pairs.tsv.gz"), "rt") as file:
        rows = [r for r in csv.DictReader(file, delimiter="\t") if r["label"] == "template_neg"]
    for row in sorted(rows, key=lambda r: digest(r["id1"] + r["id2"]))[:count]:
        a, b = items.get(row["id1"]), items.get(row["id2"])
        # Word for word the same: no text says that it is another event.
        if a and b and re.sub(r"\W", "", a["text"]) != re.sub(r"\W", "", b["text"]):
            yield Pair("ritual of another day", "zh", row["id1"], a["title"] + "\n\n" + a["text"], b["title"] + "\n\n" + b["text"], False)


def announcement(headline, text, language):
    """The headline and the first sentences, 150 letters or more (60 in Chinese)."""
    wanted = 60 if language == "zh" else 150
    end = next((m.end() for m in re.finditer(r"[.!?؟。！？]", text) if m.end() >= wanted), len(text))
    return (headline + "\n\n" + text[:end]).strip()


def changed(text, language):
    """The text with each kind of thing exchanged throughout: (kind, text)."""
    yield "places", events.exchange(text, events.next_of(events.PLACES, language), language)
    yield "dates", events.dates(text, language)
    yield "ordinals", events.ordinals(text, language)
    yield "offices", events.other_offices(text, language)
    yield "names", events.renamed(text, language)


def is_throughout(one, other):
    """Whether one thing is exchanged in three places, or in two of which one is the headline or the first sentences; or four things."""
    tokens = [re.findall(r"\w+", t) if " " in one.strip() else list(t) for t in (one, other)]
    places = collections.defaultdict(list)
    for what, start, end, *_ in difflib.SequenceMatcher(None, *tokens, autojunk=False).get_opcodes():
        if what != "equal":
            places[tuple(tokens[0][start:end])].append(start)
    return (any(len(p) >= 3 or len(p) == 2 and p[0] < 40 for p in places.values())
            or sum(map(len, places.values())) >= 4)


def pairs(stories):
    """All pairs but the ritual ones. What is exchanged throughout must be exchanged consistently: a thing that a long text has once
    may be a correction, and would be no fair question."""
    for index, (language, key, headline, text) in enumerate(stories):
        same = [s for s in stories if s[0] == language]
        other = same[(same.index(stories[index]) + 1) % len(same)]
        whole = headline + "\n\n" + text
        start = announcement(headline, text, language)
        for kind, later in changed(whole, language):
            if is_throughout(whole, later):
                yield Pair(kind + ", throughout", language, key, whole, later, False)
        for kind, later in changed(start, language):
            if later != start:
                yield Pair(kind + ", announcement", language, key, start, later, False)
        middle = other[3].find(" ", len(other[3]) // 2) if language != "zh" else other[3].find("。", len(other[3]) // 3) + 1
        if len(other[3]) >= 3 * len(start):
            inside = other[2] + "\n\n" + other[3][:middle] + "\n\n" + start.partition("\n\n")[2] + "\n\n" + other[3][middle:].strip()
            yield Pair("announcement inside", language, key, start, inside, False)
        name = next(iter(events.names(text)), None)
        if name and len(whole.split()) >= 150:
            fixed = events.exchange(whole, {w: events.misspelt(w) for w in name.split()[1:]}, language)
            yield Pair("spelling corrected", language, key, whole, fixed, True)


def judged(binary, pair, scratch, number):
    paths = [f"{scratch}/{number}-{which}" for which in ("earlier", "later")]
    for path, text in zip(paths, (pair.earlier, pair.later)):
        with open(path, "w") as file:
            file.write(text + "\n")
    run = subprocess.run([binary, "compare", "--json", *paths], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for path in paths:
        os.unlink(path)
    if run.returncode not in (0, 1) or not run.stdout:
        sys.exit(f"compare failed: {run.stderr}")
    return json.loads(run.stdout)


def judged_at_once(binary, chosen):
    """The same, all in one process."""
    lines = "".join(json.dumps({"earlier": p.earlier + "\n", "later": p.later + "\n"}) + "\n" for p in chosen)
    run = subprocess.run([binary, "judge"], input=lines, stdout=subprocess.PIPE, text=True)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    if run.returncode or len(answers) != len(chosen):
        sys.exit(f"{binary} judge failed after {len(answers)} pairs")
    return answers


def report(chosen, answers, show, limit):
    tally = collections.defaultdict(lambda: [0, 0])
    for pair, answer in zip(chosen, answers):
        wrong = (answer.get("kind") not in NO_COPY) != pair.copy
        half = "open" if is_open(pair.key) else "held out"
        for group in ((pair.copy, half, pair.kind), (pair.copy, half, "all"), (pair.copy, half, "language " + pair.language)):
            tally[group][0] += wrong
            tally[group][1] += 1
        if wrong and half == "open" and show in (pair.kind, "all") and limit > 0:
            limit -= 1
            print(f"  [{pair.kind}, {pair.language}] {answer.get('kind')}: {answer.get('rule')}\n    {pair.later[:160]!r}\n")
    good = True
    for copy, title, bar in ((False, "false copies", FALSE_BAR), (True, "missed copies", MISSED_BAR)):
        for name in sorted({g[2] for g in tally if g[0] == copy}, key=lambda n: (n == "all", n)):
            figures = [tally[copy, half, name] for half in ("open", "held out")]
            rates = [f"{wrong / max(1, all_):.4f} ({wrong} of {all_})" for wrong, all_ in figures]
            print(f"{title:14} {name:26} open {rates[0]:24} held out {rates[1]}")
        wrong, of = tally[copy, "held out", "all"]
        reached = of > 0 and wrong / of <= bar
        good &= reached
        print(f"{title:14} held out, bar <= {bar}: {'ok' if reached else 'MISS'}\n")
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", nargs="?", default=ROOT + "/.build/release/copytaster")
    parser.add_argument("--stories", type=int, default=60, metavar="N", help="of each language (60)")
    parser.add_argument("--rituals", type=int, default=1500, metavar="N", help="pairs of ritual items (1500)")
    parser.add_argument("--show", metavar="KIND", help='wrong pairs of the open half: "names, throughout", or all')
    parser.add_argument("--limit", type=int, default=10)
    options = parser.parse_args()
    if not os.path.isdir(DATA):
        sys.exit(f"There is nothing to measure with: {DATA} is missing (see docs/resemblance.md).")
    if not os.access(options.binary, os.X_OK):
        sys.exit(f"{options.binary} is not there: build it first (make build)")
    chosen = list(pairs(list(articles(options.stories)))) + list(ritual_pairs(options.rituals))
    if os.path.basename(options.binary) == "measure":
        answers = judged_at_once(options.binary, chosen)
    else:
        with tempfile.TemporaryDirectory() as scratch, concurrent.futures.ThreadPoolExecutor(2) as pool:
            work = [pool.submit(judged, options.binary, pair, scratch, number) for number, pair in enumerate(chosen)]
            answers = [job.result() for job in work]
    sys.exit(0 if report(chosen, answers, options.show, options.limit) else 1)


if __name__ == "__main__":
    main()
