"""The store is the service's alone: members can neither open nor lock it, what was redacted is in none of its files, all
that is written is for the service only, and whoever speaks to it and falls silent keeps nobody else waiting.
"""
import os, random, socket, sqlite3, stat, subprocess, threading, time
from contextlib import contextmanager
from desk import Broken, Desk
from hostile import AS_STRANGER, SERVICE, SETTINGS, STRANGER, Where
from strangers_paths import deeds_of, intruder

ARCHIVES = ["workers: 2", "inbox: {archive: true, rescan: 2}"]


def plain_desk(binary, settings):
    return Desk(binary, settings=settings)


@contextmanager
def desk_of(binary, settings=SETTINGS, kind=None):
    desk = (kind or Where.desk)(binary, settings)
    try:
        yield desk
    except Broken:
        desk.keep()
        raise
    finally:
        desk.remove()


# Members


def pried(desk, outside, seconds):
    """A member can open none of its files, and so lock none."""
    process = intruder(desk, "pry", seconds, desk.state)
    said = process.stdout.readline().strip()
    locked, rows, most = time.monotonic() + 1, None, 0
    while process.poll() is None:
        if rows is None and time.monotonic() > locked:
            rows = desk.rows()
        most = desk.rows()
        yield
    deeds_of(process)
    desk.deeds = 1
    if said:
        raise Broken(f"a member could open {said}; while she held a lock {most - rows} files were stored")


def read_on(desk, outside, seconds):
    """A member cannot hold a transaction open in the store, so a redaction is finished at once."""
    desk.deliver("r/gone.txt", b"Gone soon\n\nA story that has to go\n", remember=False)
    while not desk.has_row(b"r/gone.txt"):
        yield
    process = intruder(desk, "read_on", seconds, desk.state)
    said = process.stdout.readline().strip()
    with desk.store() as store:
        ((row,),) = store.execute("select id from ledger where name = ?", (b"r/gone.txt",)).fetchall()
    done = desk.command("redact", str(row), "--reason", "a test")
    while process.poll() is None:
        yield
    desk.deeds = 1
    if not said.startswith("refused"):
        raise Broken(f"a member read the store; redact then ended with {done.returncode}: {done.stderr.decode().strip()}")
    if done.returncode:
        raise Broken(f"redact ended with {done.returncode}: {done.stderr}")


# Redaction


def secret_story():
    """Words that no other story has, each of other letters at its beginning, and the story that they make."""
    dice = random.Random(7)
    words = ["".join(dice.choice("bcdfghjklmnpqrstvwxz") for _ in range(14)) for _ in range(60)]
    chinese = "麒麟饕餮貔貅"
    text = f"{words[0].title()} {words[1]} says no\n\nLONDON (AP) - " + " ".join(words[2:]) + f"\n\n{chinese}\n"
    return words, chinese, text.encode()


def traces(desk, needles):
    """Which files below the store and the spool hold any of these bytes, in whatever case."""
    found = {}
    for top in (desk.state, desk.work, desk.spool + "/rejected", desk.spool + "/archive"):
        for directory, _, names in os.walk(top):
            for name in names:
                path = os.path.join(directory, name)
                if stat.S_ISREG(os.lstat(path).st_mode):
                    with open(path, "rb") as file:
                        content = file.read()
                    lower = content.lower()
                    hits = sum(needle in content or needle.lower() in lower for needle in needles)
                    if hits:
                        found[os.path.basename(top) + "/" + os.path.relpath(path, top)] = hits
    return found


def redaction(how):
    def scene(binary, seconds):
        """After it no file of the store or the spool holds a word that only that story had, nor its packed bytes."""
        words, chinese, text = secret_story()
        with desk_of(binary, ARCHIVES) as desk:
            desk.open()
            for i in range(40):
                dice = random.Random(i)
                desk.deliver(f"o{i}.txt", " ".join(f"word{dice.randrange(10**6)}" for _ in range(200)).encode())
            desk.deliver("secret.txt", text)
            desk.drain()
            desk.until(lambda: b"ecret" in desk.command("search", "--json", words[5]).stdout)
            with desk.store() as store:
                ((row,),) = store.execute("select id from ledger where name = ?", (b"secret.txt",)).fetchall()
                ((packed,),) = store.execute("select bytes from document where id = ?", (row,)).fetchall()
            needles = [word[2:].encode() for word in words] + [chinese.encode(), chinese[:2].encode()]
            needles += [packed[i:i + 24] for i in range(16, len(packed) - 24, 48)]
            before = traces(desk, needles)
            if not any("copytaster.sqlite" in path for path in before) or not any("search" in path for path in before):
                raise Broken(f"the attack did not take place: its words are only in {before}")
            readers = []
            if how == "reader":
                for name in ("copytaster.sqlite", "search.sqlite"):
                    reader = sqlite3.connect(f"file:{desk.state}/{name}?mode=ro", uri=True, isolation_level=None)
                    reader.execute("begin")
                    reader.execute("select count(*) from sqlite_schema").fetchone()
                    readers.append(reader)
            if how == "stopped" and desk.stop() != 0:
                raise Broken(f"ended with {desk.ended}")
            done = desk.command("redact", str(row), "--reason", "a test")
            if done.returncode and not (readers and done.returncode == os.EX_TEMPFAIL):
                raise Broken(f"redact ended with {done.returncode}: {done.stderr.decode().strip()}")
            for reader in readers:
                reader.close()
            end = time.monotonic() + (10 if how != "stopped" else 0)
            while (left := traces(desk, needles)) and time.monotonic() < end:
                time.sleep(0.1)
            if left:
                raise Broken(f"redacted words are still in {left} (file: how many of {len(needles)})")
            if how != "stopped" and desk.stop() != 0:
                raise Broken(f"ended with {desk.ended}: {desk.said()}")
            if left := traces(desk, needles):
                raise Broken(f"after the stop redacted words are in {left}")
            if desk.command("verify").returncode:
                raise Broken("verify does not pass")
            return f"{len(needles)} words and pieces were in {sorted(before)}, now in none"
    return scene


# Modes


def open_files(top):
    """What others than its owner may do something with."""
    return [f"{os.path.relpath(path, top)} {stat.filemode(os.lstat(path).st_mode)}"
            for directory, _, names in os.walk(top) for path in [directory, *(os.path.join(directory, n) for n in names)]
            if os.lstat(path).st_mode & 0o077]


class Modes(threading.Thread):
    """Sees every mode that a file has from its first moment on."""

    def __init__(self, top):
        super().__init__(daemon=True)
        self.top, self.ends, self.seen = top, False, {}
        self.start()

    def run(self):
        while not self.ends:
            for directory, _, names in os.walk(self.top):
                for name in names:
                    try:
                        mode = os.lstat(os.path.join(directory, name)).st_mode & 0o777
                    except OSError:
                        continue
                    self.seen.setdefault(os.path.relpath(os.path.join(directory, name), self.top), set()).add(mode)

    def end(self):
        self.ends = True
        self.join()
        return self.seen


def modes(binary, seconds):
    """The store, backups, and what `recover` makes are for the service only, from the first byte on, whatever the umask."""
    with desk_of(binary) as desk:
        desk.open()
        for i in range(300):
            desk.deliver(f"{i}.txt", random.Random(i).randbytes(30_000).hex().encode())
        desk.drain()
        wrong = [f"state: {line}" for line in open_files(desk.state)]
        seen = {}
        for command in (["backup", "{}/b.sqlite"], ["recover", "--to", "{}/r"]):
            place = f"{desk.root}/{command[0]}"
            os.mkdir(place, 0o755)
            if command[0] == "recover":
                desk.stop()
            watch = Modes(place)
            before = os.umask(0)
            done = desk.command(*(part.format(place) for part in command))
            os.umask(before)
            seen.update(found := watch.end())
            if done.returncode:
                raise Broken(f"{command[0]} ended with {done.returncode}: {done.stderr}")
            wrong += [f"{command[0]}: {path} was {', '.join(oct(m) for m in modes)}" for path, modes in found.items()
                      if any(mode & 0o077 for mode in modes)]
            wrong += [f"{command[0]}: {line}" for line in open_files(place) if not line.startswith(". ")]
        if wrong:
            raise Broken("; ".join(wrong))
        return f"{len(seen)} files, all for their owner only"


# The control socket


def silent_peers(binary, seconds):
    """Fifty visitors who say nothing, half a line, or read no answer: status and reload take less than two seconds."""
    with desk_of(binary) as desk:
        desk.open()
        visitors = []
        for i in range(50):
            visitor = socket.socket(socket.AF_UNIX)
            visitor.settimeout(2)
            try:
                visitor.connect(desk.state + "/control")
                visitor.sendall([b"", b'{"action":"sta', b'{"action":"status"}\n', b"\n" * 100][i % 4])
                visitors.append(visitor)
            except OSError:  # It answers no more: the commands will say so.
                break
        slowest = 0.0
        for command in ("status", "reload", "status", "status"):
            began = time.monotonic()
            try:
                done = subprocess.run([desk.binary, command, *desk.places], capture_output=True, timeout=10)
            except subprocess.TimeoutExpired:
                raise Broken(f"{command} waits for more than ten seconds behind {len(visitors)} silent visitors") from None
            slowest = max(slowest, time.monotonic() - began)
            if done.returncode:
                raise Broken(f"{command} ended with {done.returncode}: {done.stdout[-200:]} {done.stderr[-200:]}")
        if slowest > 2:
            raise Broken(f"a command took {slowest:.1f} s behind {len(visitors)} silent visitors")
        if len(visitors) < 5:
            raise Broken(f"only {len(visitors)} visitors came in")
        if desk.stop() != 0:
            raise Broken(f"ended with {desk.ended}")
        return f"{len(visitors)} silent visitors, longest answer {slowest * 1000:.0f} ms"


# An inbox elsewhere


def forgeries(top, stations):
    """Stations that are not the service's own, by what is wrong with them; each is made by a function."""
    def own(mode=0o750, owner=SERVICE, path=stations):
        os.mkdir(path)
        os.chown(path, owner, SERVICE)
        os.chmod(path, mode)

    def inside(name):
        own()
        os.mkdir(f"{stations}/work")
        os.chown(f"{stations}/work", STRANGER, SERVICE)
        os.chmod(f"{stations}/work", 0o777)
        if name == "link":
            os.rename(f"{stations}/work", top + "/elsewhere")
            os.symlink(top + "/elsewhere", f"{stations}/work")

    def link(owner):
        own(owner=owner, path=top + "/elsewhere")
        os.symlink(top + "/elsewhere", stations)

    return {
        "of the sender": lambda: own(0o777, STRANGER), "writable for the group": lambda: own(0o770),
        "writable for all": lambda: own(0o757), "a link to the sender's": lambda: link(STRANGER),
        "a link to the service's": lambda: link(SERVICE), "a file": lambda: open(stations, "w").close(),
        "its work is the sender's": lambda: inside("own"), "its work is a link": lambda: inside("link"),
    }


def external_inbox(binary, seconds):
    """Refused at the start (77 or 78), with the path, when its stations are not the service's own."""
    wrong, names = [], list(forgeries("", ""))
    for name in ["the service's own", *names]:
        with desk_of(binary) as desk:
            top = desk.root + "/ftp"
            inbox, stations = top + "/wire", top + "/wire/.copytaster"
            os.makedirs(inbox)
            os.chown(top, STRANGER, SERVICE)
            os.chown(inbox, STRANGER, SERVICE)
            os.chmod(inbox, 0o770)
            if name != "the service's own":
                forgeries(top, stations)[name]()
            desk.configure(["workers: 1", f"inbox: {{path: {inbox}}}"])
            try:
                desk.open()
            except Broken:
                pass
            if name == "the service's own":
                if not desk.runs:
                    wrong.append(f"{name}: ended with {desk.ended}: {desk.said(2)}")
            elif desk.runs:
                wrong.append(f"{name}: it starts")
            elif desk.ended not in (os.EX_NOPERM, os.EX_CONFIG) or ".copytaster" not in desk.said():
                wrong.append(f"{name}: ended with {desk.ended}: {desk.said(2)}")
    if wrong:
        raise Broken("; ".join(wrong))
    return f"{len(names)} forgeries refused, its own taken"


def stations_unhidden(binary, seconds):
    """The sender renames the stations of an inbox of his, so that they are part of it: nothing runs in circles."""
    with desk_of(binary) as desk:
        inbox = desk.root + "/ftp"
        os.mkdir(inbox)
        os.chown(inbox, STRANGER, SERVICE)
        os.chmod(inbox, 0o770)
        desk.configure(["workers: 1", f"inbox: {{path: {inbox}, rescan: 1}}"])
        desk.open()
        as_stranger = lambda code: subprocess.run([*AS_STRANGER, "/usr/bin/python3", "-c", "import os\n" + code], cwd=inbox)
        as_stranger("[os.mkfifo(f'p{i}') for i in range(20)]")
        desk.until(lambda: desk.rows() >= 20)
        if as_stranger("os.rename('.copytaster', 'visible')").returncode:
            raise Broken("the attack did not take place")
        as_stranger("[os.mkfifo(f'q{i}') for i in range(20)]")
        time.sleep(5)
        if desk.runs and desk.rows() > 100:
            raise Broken(f"forty deliveries became {desk.rows()} rows in five seconds")
        if not desk.runs and desk.ended not in (os.EX_NOPERM, os.EX_CONFIG):
            raise Broken(f"ended with {desk.ended}: {desk.said()}")
        return f"{desk.rows()} rows" if desk.runs else f"ended with {desk.ended}"


SCENES = {
    "pried open": (pried, {"least": 1}),
    "a member reads on": (read_on, {"least": 1}),
    "redacted, running": (redaction("running"), None),
    "redacted, stopped": (redaction("stopped"), None),
    "redacted beside a reader": (redaction("reader"), None),
    "modes": (modes, None),
    "silent visitors": (silent_peers, None),
    "inbox elsewhere": (external_inbox, None),
    "stations unhidden": (stations_unhidden, None),
}
