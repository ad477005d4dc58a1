"""One store and one spool, the daemon that serves them, and the check that nothing was lost.

The check trusts the program as little as it can: what was delivered is remembered here, the store is read through
Python's own SQLite, and rejected files are compared byte for byte. `copytaster verify` then has to agree.
"""
import hashlib, json, os, re, shutil, signal, sqlite3, subprocess, tempfile, threading, time, urllib.parse
from collections import Counter
from contextlib import closing, contextmanager

MODEST = ["workers: 1", "log: {level: debug}"]


def digest(content):
    return hashlib.sha256(content).digest()


class Broken(Exception):
    """A promise that was not kept."""


class Desk:
    def __init__(self, binary, directory=None, settings=MODEST, state=None, spool=None):
        self.binary = binary
        self.root = directory or tempfile.mkdtemp(prefix="torture-")
        self.state, self.spool = state or self.root + "/state", spool or self.root + "/spool"
        self.inbox, self.work = self.spool + "/inbox", self.spool + "/work"
        os.makedirs(self.inbox, exist_ok=True)
        os.makedirs(self.state, exist_ok=True)
        self.configure(settings)
        self.delivered = []  # (name as bytes, bytes, whether it has to be rejected unread)
        self.process, self.kept = None, False

    def configure(self, settings):
        with open(self.root + "/conf", "w") as file:
            file.write("\n".join(settings) + "\n")

    @property
    def places(self):
        return ["--state", self.state, "--spool", self.spool, "--config", self.root + "/conf"]

    # Delivering

    def deliver(self, name, content, refused=False, owner=None, remember=True):
        """As a good sender does: written beside the inbox, then renamed into it."""
        name = os.fsencode(name)
        target = os.fsencode(self.inbox) + b"/" + name
        hidden = os.path.dirname(os.fsencode(self.inbox)) + b"/.outgoing-%d" % threading.get_ident()
        with open(hidden, "wb") as file:
            file.write(content)
        if owner is not None:
            os.chown(hidden, owner, -1)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if remember:
            self.delivered.append((name, content, refused))
        os.rename(hidden, target)

    # Running

    def start(self, before=(), environment=None):
        with open(self.root + "/log", "ab") as log:
            self.began, self.traced = log.tell(), bool(before)
            self.process = subprocess.Popen(
                [*before, self.binary, "run", *self.places], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, **(environment or {})})
        return self

    def ready(self, within=20):
        """Until it says that it watches its inbox, or has ended."""
        end = time.monotonic() + within
        while self.runs and time.monotonic() < end:
            with open(self.root + "/log", "rb") as file:
                file.seek(self.began)
                if b"watches its inbox" in file.read():
                    return self
            time.sleep(0.005)
        if self.runs:
            raise Broken(f"not ready within {within} s: {self.said()}")
        return self

    @property
    def pid(self):
        """The daemon's, also where a tracer stands before it."""
        if not self.traced:
            return self.process.pid
        try:
            with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children") as file:
                return int(file.read().split()[0])
        except (OSError, IndexError):
            return None

    def signal(self, number):
        pid = self.pid
        if pid:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass

    @property
    def runs(self):
        return self.process is not None and self.process.poll() is None

    @property
    def life(self):
        """Another one after a restart."""
        return self.process.pid

    @property
    def ended(self):
        """The exit status."""
        return self.process.returncode

    @contextmanager
    def halted(self):
        """Stands still meanwhile."""
        self.signal(signal.SIGSTOP)
        try:
            self.until(self.stands)
            yield
        finally:
            self.signal(signal.SIGCONT)

    def stands(self):
        with open(f"/proc/{self.pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] == "T"

    def kill(self):
        self.signal(signal.SIGKILL)
        self.process.wait()

    def stop(self, within=20):
        """SIGTERM; the exit status, or Broken if it does not end."""
        self.signal(signal.SIGTERM)
        try:
            return self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Broken(f"did not stop within {within} s")

    def command(self, *arguments):
        return subprocess.run([self.binary, *arguments, *self.places], capture_output=True)

    def waiting(self):
        """What lies in the inbox and, as numbers, in work/; what the service keeps there for itself is left out."""
        found = []
        for top, own in ((self.inbox, b".copytaster"), (self.work, b".")):
            for directory, _, names in os.walk(os.fsencode(top)):
                found += [os.path.join(directory, name) for name in names if not name.startswith(own)]
        return found

    def names_in_work(self):
        """The delivered names, as bytes, of the files in work/: the claims journal has them."""
        try:
            with open(self.work + "/.claims", "rb") as file:
                lines = [line.split() for line in file.read().splitlines()]
            there = set(map(os.fsencode, os.listdir(self.work)))
        except FileNotFoundError:
            return set()
        return {urllib.parse.unquote_to_bytes(words[1]) for words in lines if len(words) == 3 and words[0] in there}

    def store(self):
        return closing(sqlite3.connect(f"file:{self.state}/copytaster.sqlite?mode=ro", uri=True))

    def rows(self):
        try:
            with self.store() as store:
                return store.execute("select count(*) from ledger").fetchone()[0]
        except sqlite3.Error:
            return 0

    def has_row(self, name):
        with self.store() as store:
            return store.execute("select 1 from ledger where name = ?", (name,)).fetchone() is not None

    def until(self, condition, within=20):
        end = time.monotonic() + within
        while not condition():
            if time.monotonic() > end:
                raise Broken(f"nothing came of it within {within} s: {self.said()}")
            time.sleep(0.005)

    def settle(self, quiet=0.25, within=3.0):
        """Until the daemon ended, or all is done, or nothing has moved for a while."""
        end, last, since = time.monotonic() + within, None, time.monotonic()
        while self.runs and time.monotonic() < end:
            now = (tuple(self.waiting()), self.rows())
            if now[1] >= len(self.delivered) and not now[0]:
                return
            if now != last:
                last, since = now, time.monotonic()
            elif time.monotonic() - since > quiet:
                return
            time.sleep(0.01)

    def drain(self, within=30):
        """Until inbox and work/ are empty and each delivery has its row."""
        end = time.monotonic() + within
        while self.waiting() or self.rows() < len(self.delivered):
            if not self.runs:
                raise Broken(f"ended with {self.process.returncode} instead of going on: {self.said()}")
            if time.monotonic() > end:
                raise Broken(f"{len(self.waiting())} files still wait, {self.rows()} rows: {self.waiting()[:4]}; {self.said()}")
            time.sleep(0.005)

    def log(self):
        with open(self.root + "/log", errors="replace") as file:
            return file.read()

    def check_log(self):
        """One record a line, and nothing in it that a terminal would obey."""
        with open(self.root + "/log", "rb") as file:
            log = file.read()
        if re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", log):
            raise Broken("control characters in the log")
        for line in log.splitlines():
            if b"critical: forged" in line and line.startswith(b"2026-01-01"):
                raise Broken("a file's name forged a record")

    def said(self, last=6):
        return " | ".join(line.strip() for line in self.log().splitlines()[-last:])

    # Checking

    def rejected(self, id, name):
        """Where a rejected file lies; those of older versions have a directory each."""
        place = os.fsencode(f"{self.spool}/rejected/{id}")
        return place + b"/" + os.path.basename(name) if os.path.isdir(place) else place

    def check(self, extra=0):
        """At rest, every file delivered: one row each, all bytes as they were, all proofs agree."""
        with self.store() as store:
            ((integrity,),) = store.execute("pragma integrity_check").fetchall()[:1]
            if integrity != "ok":
                raise Broken(f"integrity_check: {integrity}")
            rows = store.execute("select id, name, sha256, verdict, of, reason from ledger order by id").fetchall()
            documents = {i: (coding, blob) for i, coding, blob in store.execute("select id, coding, bytes from document")}
        wanted = Counter((name, b"" if refused else digest(content)) for name, content, refused in self.delivered)
        found = Counter((bytes(name), bytes(sha or b"")) for _, name, sha, _, _, _ in rows)
        if wanted != found:
            raise Broken(f"lost {list((wanted - found).elements())[:3]}, twice or never delivered {list((found - wanted).elements())[:3]}")
        if [row[0] for row in rows] != list(range(1, len(rows) + 1)):
            raise Broken("the ledger's ids have a gap")
        contents = {digest(content): content for _, content, _ in self.delivered}
        refused = {name: content for name, content, refused in self.delivered if refused}
        for id, name, sha, verdict, original, reason in rows:
            name = bytes(name)
            if verdict == "rejected":
                if name not in refused:
                    raise Broken(f"{name} was rejected: {reason}")
                with open(self.rejected(id, name), "rb") as file:
                    if file.read() != refused[name]:
                        raise Broken(f"rejected/{id} has other bytes")
            else:  # The bytes of an identical one are kept once.
                coding, kept = documents[original if verdict == "identical" else id]
                if coding == 0 and bytes(kept) != contents[bytes(sha)]:
                    raise Broken(f"document {id} has other bytes")
        proof = self.command("verify", "--json")
        account = json.loads(proof.stdout or b"{}")
        if proof.returncode != 0 or account.get("delivered") != len(self.delivered):
            raise Broken(f"verify exits with {proof.returncode}: {proof.stdout[:400]} {proof.stderr[:200]}")

    def keep(self):
        self.kept = True

    def remove(self):
        if self.runs:
            self.kill()
        if not self.kept:
            shutil.rmtree(self.root, ignore_errors=True)
