#!/usr/bin/env python3
"""Writes Sources/Resemblance/FoldingData.swift from Python's Unicode database.

What a scalar folds to: NFKD, full case folding, NFKD again, until nothing changes. Two texts are equal under
NFKC and case folding exactly when they are equal under this. Hangul syllables stay composed (the module
composes jamo). The class of a scalar comes from its general category.
"""
import sys
import unicodedata as u

UNSPACED = [
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3021, 0x3029),
    (0x3040, 0x312F), (0x31A0, 0x31BF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF),
    (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F), (0xFF66, 0xFF9F), (0x1B000, 0x1B16F), (0x20000, 0x3FFFF),
]
IGNORABLE = [
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
]
SEPARATOR, LETTER, IDEOGRAPH, MARK, DROPPED = range(5)


def within(c, ranges):
    return any(a <= c <= b for a, b in ranges)


def classify(c):
    if within(c, IGNORABLE):
        return DROPPED
    category = u.category(chr(c))
    if category[0] == "M":
        return MARK
    if category[0] in "LN":
        return IDEOGRAPH if within(c, UNSPACED) else LETTER
    return SEPARATOR


def fold(c):
    if 0xAC00 <= c <= 0xD7A3 or within(c, IGNORABLE):
        return (c,)
    s = chr(c)
    while True:
        t = u.normalize("NFKD", u.normalize("NFKD", s).casefold())
        if t == s:
            return tuple(map(ord, s))
        s = t


def main(path):
    classes, singles, several = [], [], []
    scalars = [c for c in range(0x80, 0x110000) if not 0xD800 <= c <= 0xDFFF]
    for c in scalars:
        k = classify(c)
        if classes and classes[-1][2] == k and classes[-1][1] == c - 1:
            classes[-1][1] = c
        else:
            classes.append([c, c, k])
        f = fold(c)
        if f == (c,) or k == DROPPED:
            continue
        if len(f) == 1:
            t = f[0]
            last = singles[-1] if singles else None
            if last and last[2] == 1 and (last[3], step := c - last[1])[0] == t - c and step in (1, 2):
                last[1], last[2], last[4] = c, 2, step
            elif last and last[2] > 1 and c - last[1] == last[4] and t - c == last[3]:
                last[1], last[2] = c, last[2] + 1
            else:
                singles.append([c, c, 1, t - c, 1])
        else:
            several.append((c, f))
    ordered = []
    for c in scalars:
        k = u.combining(chr(c))
        if k and ordered and ordered[-1][1:] == [c - 1, k]:
            ordered[-1][1] = c
        elif k:
            ordered.append([c, c, k])
    # Separators and unassigned scalars need no entry.
    kinds = [f"{a:x} {b - a:x} {k}" for a, b, k in classes if k != SEPARATOR]
    runs = [f"{a:x} {n:x} {s} {d:x}" if d >= 0 else f"{a:x} {n:x} {s} -{-d:x}" for a, _, n, d, s in singles]
    marks = [f"{a:x} {b - a:x} {k:x}" for a, b, k in ordered]
    many = [f"{c:x} " + " ".join(f"{x:x}" for x in f) for c, f in several]
    with open(path, "w") as out:
        out.write(f"""// Made by Benchmarks/resemblance/make-folding-table.py from Unicode {u.unidata_version}. Do not edit.
//
// The version of Unicode is fixed here, not taken from the Swift runtime, because fingerprints are stored: the
// same text must give the same fingerprint whatever runtime the program was built with.

// swift-format-ignore-file

enum FoldingData {{
""")
        for name, about, entries in (
            ("combining", "Runs of scalars of one combining class, but for class 0: first, count less one, class.", marks),
            ("classes", "Runs of scalars of one class: first, count less one, class.", kinds),
            ("runs", "Runs of scalars that fold to one other: first, count, step, distance.", runs),
            ("several", "Scalars that fold to several: the scalar, then what it folds to.", many),
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
    print(len(kinds), len(runs), len(many), sum(map(len, kinds)), sum(map(len, runs)), sum(map(len, many)))


main(sys.argv[1])
