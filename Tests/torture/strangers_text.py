"""Contents that trap, delay or deceive the reader: one sender's bytes end nothing and hold up nobody, each file gets its
row, and what is no text is rejected as what it is.
"""
import gzip, io, json, os, random, struct, tarfile, time, zipfile, zlib
from desk import Broken
from hostile import AS_SERVICE
from strangers_paths import deeds_of, intruder

WIDE = {"settings": ["workers: 2", "inbox: {maxsize: 1100000, rescan: 2}"], "every": 0.1}


def hand_in(desk, files, within):
    """Delivers them as a stranger's; each has a row in the end. The longest time that one took."""
    began = time.monotonic()
    for name, content in files.items():
        desk.deliver(name, content, remember=False)
    missing, slowest = set(files), 0.0
    while missing:
        if time.monotonic() - began > within:
            raise Broken(f"no row within {within} s for {sorted(missing)[:4]}")
        yield
        with desk.store() as store:
            found = {bytes(name).decode() for (name,) in store.execute("select name from ledger")}
        missing -= found
    desk.deeds += len(files)


# Folding: what one character becomes is up to eighteen characters long (U+FDFA).

LONG = [0xFDFA, 0xFDFB, 0x3322, 0x3316, 0x33A8, 0x3300, 0x1F12B, 0x2A74, 0xFB03, 0x0390, 0x1F82, 0x3247, 0x32CC, 0xFE8A,
        0xFDF2, 0x1F190, 0x2100, 0x0149, 0xDF, 0x01F0, 0x1E9E, 0xAC00, 0xD7A3, 0x0344, 0x1D160, 0x2F800, 0x00BD, 0x2474]


def traps(desk, outside, seconds):
    """Few characters that fold to many, then short words: a hundred bytes must not end the service."""
    files = {
        "t/arabic.txt": "\ufdfa" * 16 + " x" * 60,
        "t/japanese.txt": "\u3322" * 40 + " and words of a plain story" * 16,
    }
    for code in LONG:
        for count in (4, 16, 40, 500):
            files[f"t/{code:x}-{count}.txt"] = chr(code) * count + " x" * (count * 4)
            files[f"t/{code:x}-{count}-mixed.txt"] = (chr(code) + " x y ") * count + "abc " * 90
    yield from hand_in(desk, {name: text.encode() for name, text in files.items()}, 30)


# Time: everything here is read in time proportional to its length, or it holds up a worker.

def slow_shapes(size):
    """Texts of about so many bytes, each of a shape that some loop may go over again and again."""
    half = size // 2
    shapes = {
        "marks": "a" + "\u0301" * (size // 4) + "\u0316" * (size // 4),
        "marks, turn about": "a" + "\u0301\u0316" * (size // 4),
        "marks, three classes": "a" + "\u0316\u0301\u0345" * (size // 6),
        "marks, few letters": ("a" + "\u0301" * 500 + "\u0316" * 500) * (size // 2000),
        "hangul": "\u1100\u1161\u11a8" * (size // 9),
        "one word": "a" * size,
        "one word, digits": "1" * size,
        "letters and stops": "a." * half,
        "numbers and stops": "1." * half,
        "hyphens": "-" * size,
        "words and hyphens": "a-" * half,
        "apostrophes": "a'" * half,
        "opening quotes": "\u201c" * (size // 3),
        "quotes": '"' * size,
        "opening brackets": "(" * size,
        "nested brackets": "(" * half + ")" * half,
        "brackets and words": "(a " * (size // 3),
        "line breaks": "\n" * size,
        "carriage returns": "\r" * size,
        "spaces": " " * size,
        "lines of one letter": "a\n" * half,
        "lines of capitals": "LONDON (AP)\n" * (size // 12),
        "datelines": "LONDON, Jan. 1 (Reuters) - " * (size // 27),
        "bylines": "By John Smith\n" * (size // 14),
        "one line of capitals": "LONDON PARIS " * (size // 13),
        "tags": "<p>" * (size // 3),
        "open tags": "<a " * (size // 3),
        "entities": "&amp;" * (size // 5),
        "open entities": "&" * size,
        "equals": "a=" * half,
        "Chinese": "\u5317\u4eac" * (size // 6),
        "Thai": "\u0e01\u0e32" * (size // 6),
        "zero width joiners": "a\u200d" * (size // 4),
        "tabs": "a\t" * half,
        "nulls": "a\0" * half,
        "updates": "UPDATE 1-UPDATE 2-" * (size // 18),
        "dates": "1 January 2026 " * (size // 15),
        "commas": "Smith, " * (size // 7),
        "picture captions": "(AP Photo/John Smith)\n" * (size // 22),
        "same sentence": "The king said no. " * (size // 18),
    }
    return {f"s/{name}.txt": f"{size}\n{text}".encode() for name, text in shapes.items()}


def slow(size, marks):
    def deeds(desk, outside, seconds):
        """Several at once, so that all workers have one."""
        files = {name: content for name, content in slow_shapes(size).items() if ("/marks" in name) == marks}
        yield from hand_in(desk, files, 40)
    return deeds


# What is no text.

def samples():
    """Files of other kinds, each as a program makes it, with the words that the reason has to contain."""
    dice = random.Random(1)
    noise = dice.randbytes(40_000)
    archive, tape = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("word/document.xml", "<w>Copy inside</w>")
    with tarfile.open(fileobj=tape, mode="w") as file:
        file.add(__file__, "copy.txt")
    with open("/bin/true", "rb") as file:
        elf = file.read()
    header = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    return {
        "n/photo.jpg": (b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0" + noise + b"\xff\xd9", "JPEG"),
        "n/photo.txt": (b"\xff\xd8\xff\xe1\0\x10Exif\0\0MM\0*" + noise[:2000] + b"\xff\xd9", "JPEG"),
        "n/copy.gz": (gzip.compress(b"A story that was packed\n" * 200), "gzip"),
        "n/program": (elf, "ELF"),
        "n/graph.png": (png + noise[:3000], "PNG"),
        "n/page.pdf": (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n" + noise[:3000], "PDF"),
        "n/copy.docx": (archive.getvalue(), ""),
        "n/copy.tar": (tape.getvalue(), ""),
        "n/store.sqlite": (b"SQLite format 3\0" + noise[:4080], ""),
        "n/noise": (noise, ""),
        "n/short noise": (noise[:100], ""),
    }


# What the readers of formats, which lie beside the program, make of copy that comes packed.
PACKED = {"n/copy.gz": "new", "n/copy.tar": "parts"}

TEXTS = {
    "y/latin.txt": "Zürich, 3. März: Die Wähler entschieden über das Gesetz.\n".encode("latin-1") * 5,
    "y/utf16.txt": "Paris (AP) - The minister said no.\n".encode("utf-16") * 3,
    "y/gbk.txt": "北京三月三日电：国家主席今天会见了来访的外国客人，双方进行了友好的谈话。\n".encode("gb18030") * 4,
    "y/sjis.txt": "東京、三日：首相は記者会見で、法案を国会に提出すると述べた。\n".encode("shift_jis") * 4,
    "y/koi8.txt": "Москва, 3 марта. Президент подписал закон о бюджете на следующий год.\n".encode("koi8-r") * 4,
    "y/wire.txt": b"\x01\x16\x16a0123\x1f\x02\nLONDON (AP) -- The wire is old, its text is not.\n\x03\x04\n",
    "y/empty.txt": b"",
}


def not_text(desk, outside, seconds):
    """Each is rejected with what it is, but for copy that is packed, which is read; text of any age and alphabet is not."""
    kinds = samples()
    yield from hand_in(desk, {name: content for name, (content, _) in kinds.items()} | TEXTS, 20)
    wrong = []
    with desk.store() as store:
        rows = {bytes(n).decode(): (v, r or "") for n, v, r in store.execute("select name, verdict, reason from ledger")}
    for name, (content, word) in kinds.items():
        verdict, reason = rows[name]
        is_right = verdict == PACKED[name] if name in PACKED else (
            verdict == "rejected" and reason.startswith(("not-text\n", "damaged\n")) and word in reason)
        if not is_right:
            wrong.append(f"{name} is {verdict} {reason.splitlines()[:2]}")
    wrong += [f"{name} is {rows[name][0]} {rows[name][1][:60]}" for name in TEXTS if rows[name][0] == "rejected"]
    if wrong:
        raise Broken("; ".join(wrong))


# Files that change length while they are read.

def sawn(desk, outside, seconds):
    """Nothing that the daemon reads may be taken from under it (SIGBUS): neither with leases nor without."""
    process = intruder(desk, "saw", seconds)
    while process.poll() is None:
        yield
    desk.deeds = deeds_of(process)


WITHOUT_LEASES = [part.replace("-all,+lease", "-all") for part in AS_SERVICE if not part.startswith("--ambient-caps")]

SCENES = {
    "traps": (traps, {"least": 200, "every": 0.1, "longest": 2}),
    "slow text, marks, 200 KB": (slow(200_000, marks=True), {**WIDE, "longest": 2, "least": 4}),
    "slow text, marks, 900 KB": (slow(900_000, marks=True), {**WIDE, "longest": 2, "least": 4}),
    "slow text, other shapes": (slow(900_000, marks=False), {**WIDE, "longest": 2, "least": 30}),
    "not text": (not_text, {"least": 10}),
    "sawn": (sawn, {"least": 100}),
    "sawn, without leases": (sawn, {"least": 100, "before": WITHOUT_LEASES, "settings": [
        "workers: 2", "inbox: {maxsize: 1000000, rescan: 1, settle: 0}"]}),
}
