#!/usr/bin/env python3
"""Writes Sources/Text/Encoding/CharsetData.swift: the letters of the double-byte encodings, as this machine's iconv knows them.

usage: Benchmarks/reading/make-charset-tables.py Sources/Text/Encoding/CharsetData.swift

A reading is a function of the bytes and the parser's version, so the tables are part of the program: another version of the
C library may decode the same bytes otherwise. Make them anew only together with a new `Reading.parserVersion`.

A table has a row for each lead byte and a letter for each trail byte, in order; what is undefined is a run, `!` and how
many in base 62, ended by `!`. ASCII stands in no table, so the sign is free.
"""
import ctypes
import platform
import sys

libc = ctypes.CDLL(None, use_errno=True)
libc.iconv_open.restype = ctypes.c_void_p
libc.iconv.argtypes = [ctypes.c_void_p] + [ctypes.c_void_p] * 4
libc.iconv.restype = ctypes.c_size_t
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Decoder:
    def __init__(self, name):
        self.handle = libc.iconv_open(b"UTF-8", name.encode())

    def __call__(self, data):
        """What the bytes are, if they are letters and nothing is left over."""
        libc.iconv(self.handle, None, None, None, None)
        source, target = ctypes.create_string_buffer(data, len(data)), ctypes.create_string_buffer(64)
        src, dst = ctypes.c_void_p(ctypes.addressof(source)), ctypes.c_void_p(ctypes.addressof(target))
        left, room = ctypes.c_size_t(len(data)), ctypes.c_size_t(64)
        done = libc.iconv(self.handle, *(ctypes.byref(x) for x in (src, left, dst, room)))
        if done == ctypes.c_size_t(-1).value or left.value:
            return None
        libc.iconv(self.handle, None, None, ctypes.byref(dst), ctypes.byref(room))
        return target.raw[:64 - room.value].decode()


def number(value):
    digits = ""
    while True:
        digits = DIGITS[value % 62] + digits
        value //= 62
        if not value:
            return digits


def table(decode, prefix, leads, trails):
    cells = [decode(prefix + bytes([lead, trail])) for lead in leads for trail in trails]
    text, undefined = "", 0
    for cell in cells + [""]:
        # Four pairs of Big5-HKSCS are a letter and a mark: the program knows them.
        if cell is None or len(cell) > 1:
            undefined += 1
            continue
        if undefined:
            text += f"!{number(undefined)}!"
            undefined = 0
        text += cell
    return text


def main(path):
    tables, lead, all_trails = [], range(0x81, 0xFF), range(0x40, 0xFF)
    for name, about, encoding, prefix, leads, trails in (
        ("gb18030", "GB18030, two bytes", "GB18030", b"", lead, all_trails),
        ("big5", "Big5 with the Hong Kong supplement", "BIG5-HKSCS", b"", lead, all_trails),
        ("shiftJIS", "Shift_JIS as Windows has it", "CP932", b"", lead, all_trails),
        ("eucKR", "EUC-KR with the Unified Hangul Code", "CP949", b"", lead, all_trails),
        ("eucJP", "EUC-JP: JIS X 0208", "EUC-JP", b"", range(0xA1, 0xFF), range(0xA1, 0xFF)),
        ("eucJPMore", "EUC-JP after 8F: JIS X 0212", "EUC-JP", b"\x8f", range(0xA1, 0xFF), range(0xA1, 0xFF)),
    ):
        tables.append((name, about, table(Decoder(encoding), prefix, leads, trails)))
    single = []
    for name, encoding in (("gb18030", "GB18030"), ("big5", "BIG5-HKSCS"), ("shiftJIS", "CP932"), ("eucJP", "EUC-JP"), ("eucKR", "CP949")):
        decode = Decoder(encoding)
        found = [(b, decode(bytes([b]))) for b in range(0x80, 0x100)]
        print(name, "single bytes:", " ".join(f"{b:02x}>{ord(c):x}" for b, c in found if c)[:200])
        print(name, "ASCII that is not itself:", [b for b in range(0x80) if decode(bytes([b])) != chr(b)])
    big5 = Decoder("BIG5-HKSCS")
    print("pairs of letters:", [(f"{a:x}{b:x}", [hex(ord(x)) for x in big5(bytes([a, b])) or ""]) for a in lead for b in all_trails
                                 if len(big5(bytes([a, b])) or "") > 1])
    gb, runs = Decoder("GB18030"), []
    for index in range(0, 126 * 10 * 126 * 10):
        if 39420 <= index < 189000 or index >= 189000 + 0x100000:
            continue
        if index >= 189010 and index < 189000 + 0xFFFF0 and index % 997:
            continue
        data = bytes([0x81 + index // 12600, 0x30 + index // 1260 % 10, 0x81 + index // 10 % 126, 0x30 + index % 10])
        letter = gb(data)
        scalar = ord(letter) if letter and len(letter) == 1 else None
        if index >= 189000:
            assert scalar == 0x10000 + index - 189000 or (scalar or 0) & 0xFFFE == 0xFFFE or scalar is None, (index, scalar)
            continue
        if scalar is None:
            runs.append([index, 1, None]) if not (runs and runs[-1][2] is None and runs[-1][0] + runs[-1][1] == index) else runs[-1].__setitem__(1, runs[-1][1] + 1)
        elif runs and runs[-1][2] is not None and runs[-1][2] + index - runs[-1][0] == scalar and runs[-1][0] + runs[-1][1] == index:
            runs[-1][1] += 1
        else:
            runs.append([index, 1, scalar])
    ranges = [run for run in runs if run[2] is not None]
    print(len(ranges), "ranges of four bytes; undefined:", [run for run in runs if run[2] is None][:20])
    with open(path, "w") as out:
        out.write(f"""// Made by Benchmarks/reading/make-charset-tables.py from iconv of {' '.join(platform.libc_ver())}. Do not edit.
//
// The tables are fixed here, not taken from the C library at run time, because readings are stored as ranges of the
// decoded text: the same bytes must give the same text whatever library the program meets.

// swift-format-ignore-file

enum CharsetData {{
""")
        for name, about, text in tables:
            out.write(f'    /// {about}: the letters row by row; `!n!` are n pairs without one.\n    static let {name}: StaticString = """\n')
            for start in range(0, len(text), 100):
                part = text[start:start + 100].replace("\\", "\\\\").replace('"', '\\"')
                part = "".join(c if c.isprintable() or ord(c) > 0x2FF and not c.isspace() and ord(c) not in (0x2028, 0x2029, 0x3000) and not 0xE000 <= ord(c) < 0xF900 else f"\\u{{{ord(c):x}}}" for c in part)
                out.write(f"        {part}{chr(92) if start + 100 < len(text) else ''}\n")
            out.write('        """\n\n')
        out.write("    /// GB18030, four bytes: the first place of a range, how many letters it has, the first letter.\n")
        out.write("    static let fourBytes: [(place: UInt32, count: UInt32, scalar: UInt32)] = [\n")
        line = ""
        for place, count, scalar in ranges:
            entry = f"({place}, {count}, 0x{scalar:X}), "
            if len(line) + len(entry) > 108:
                out.write(f"        {line.rstrip()}\n")
                line = ""
            line += entry
        out.write(f"        {line.rstrip()}\n    ]\n}}\n")


main(sys.argv[1])
