"""What every measurement uses: the programs in C, the stories, the daemon."""
import json
import os
import signal
import socket
import sqlite3
import subprocess
import threading
import time

import sandbox

HERE = os.path.dirname(os.path.realpath(__file__))
TICK = 1e6 / os.sysconf("SC_CLK_TCK")  # microseconds
SEED = 1


class Tools:
    """The programs in C, compiled into the scratch directory."""

    def __init__(self, scratch):
        self.scratch = scratch
        for name, libraries in (("stories", ["-lm"]), ("floor", ["-lcrypto"]), ("latency", ["-lsqlite3"])):
            compile = ["gcc", "-O2", "-o", f"{scratch}/{name}", f"{HERE}/{name}.c", *libraries]
            found = subprocess.run(compile, capture_output=True, text=True)
            if found.returncode:
                raise SystemExit(f"{name}.c does not compile (is libssl-dev, libsqlite3-dev missing?):\n{found.stderr}")

    def run(self, name, *arguments):
        command = [f"{self.scratch}/{name}", *map(str, arguments)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        if done.returncode:
            raise SystemExit(f"{' '.join(command)} failed")
        return done.stdout


class Corpus:
    """Stories of about 3 KB, each with its number; `stories.c` says what they are like."""

    def __init__(self, tools):
        self.tools = tools
        self.next = 1

    def write(self, directory, count):
        """Writes the next `count` stories; returns the number of the first, and their bytes."""
        os.makedirs(directory, exist_ok=True)
        first, self.next = self.next, self.next + count
        return first, int(self.tools.run("stories", "write", SEED, first, count, directory))

    def deliver(self, first, count, source, target):
        """Renames them, in order; returns the moment of the first, and the seconds that the renames took."""
        began = time.monotonic()
        return began, float(self.tools.run("stories", "deliver", first, count, source, target))

    def sample(self, count):
        """The texts of some stories, in memory."""
        out, texts = self.tools.run("stories", "frames", SEED, 1, count), []
        while out:
            size, _, rest = out.partition("\n")
            texts.append(rest[: int(size)])
            out = rest[int(size):]
        return texts


class Daemon:
    """A service of its own, as systemd would run it, with its filter of system calls: it is ready when it says READY=1."""

    filter, filtered = None, None  # made for the first one

    @classmethod
    def take_filter(cls):
        if cls.filtered is None:
            cls.filter, cls.filtered = sandbox.unit_filter()
        return cls.filtered

    def __init__(self, binary, root):
        self.binary, self.root = binary, root
        self.inbox, self.work = f"{root}/spool/inbox", f"{root}/spool/work"
        self.path, self.search = f"{root}/state/copytaster.sqlite", f"{root}/state/search.sqlite"
        self.where = ["--state", f"{root}/state", "--spool", f"{root}/spool"]
        os.makedirs(self.inbox, exist_ok=True)

    def start(self):
        address = f"{self.root}/notify"
        if os.path.exists(address):
            os.unlink(address)
        self.notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notices.bind(address)
        self.notices.settimeout(1)
        Daemon.take_filter()
        began = time.monotonic()
        self.log = open(f"{self.root}/log", "a")
        self.process = subprocess.Popen(
            [self.binary, "run", *self.where], env={**os.environ, "NOTIFY_SOCKET": address},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.log,
            preexec_fn=Daemon.filter and Daemon.filter.take_on)
        while "READY=1" not in self._notice(self.notices):
            if self.process.poll() is not None or time.monotonic() - began > 300:
                raise SystemExit(f"the daemon did not start:\n{open(self.log.name).read()[-2000:]}")
        self.ready = time.monotonic() - began
        # Of this start's socket: a thread of an earlier start must not take the next one's READY=1.
        threading.Thread(target=self._drain, args=[self.notices], daemon=True).start()
        self.store = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=30)
        return self

    @staticmethod
    def _notice(notices):
        try:
            return notices.recv(65536).decode().split("\n")
        except TimeoutError:
            return []

    def _drain(self, notices):
        try:
            while True:
                self._notice(notices)
        except OSError:
            return

    def stop(self):
        self.store.close()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.notices.close()
        self.log.close()

    def kill(self):
        """Ends it if it still runs; for what goes wrong."""
        process = getattr(self, "process", None)
        if process and process.poll() is None:
            process.kill()
            process.wait()

    def rows(self):
        return self.store.execute("select max(id) from ledger").fetchone()[0] or 0

    def indexed(self):
        """How far the search index has come."""
        with sqlite3.connect(f"file:{self.search}?mode=ro", uri=True, timeout=30) as index:
            return index.execute("select upto from progress").fetchone()[0]

    def until(self, count, what=None, pause=0.005):
        """Waits until `count` rows are committed (or indexed); returns that moment."""
        what = what or self.rows
        done, moved = what(), time.monotonic()
        while done < count:
            time.sleep(pause)
            before, done = done, what()
            if done != before:
                moved = time.monotonic()
            if time.monotonic() - moved > 900:
                raise SystemExit(f"nothing moved for a quarter of an hour: {done:,} of {count:,} files; see {self.log.name}")
        return time.monotonic()

    def memory(self, what="VmRSS"):
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith(what + ":"):
                return int(line.split()[1]) * 1024

    def usage(self):
        """Processor time in microseconds and bytes written, of the pipeline, and of what runs behind it at a lower priority
        (the search index, packing)."""
        # What runs behind may have ended meanwhile (packing learns once), what is in the pipeline has not.
        ticks, written, _ = self._thread(f"/proc/{self.process.pid}")
        pipeline = [(t, w) for t, w, nice in map(self._thread, self._threads()) if nice <= 0]
        pipeline_ticks, pipeline_written = sum(t for t, _ in pipeline), sum(w for _, w in pipeline)
        return {
            "cpu": pipeline_ticks * TICK, "cpu_behind": (ticks - pipeline_ticks) * TICK,
            "written": pipeline_written, "written_behind": written - pipeline_written,
        }

    def _threads(self):
        return [f"/proc/{self.process.pid}/task/{task}" for task in os.listdir(f"/proc/{self.process.pid}/task")]

    @staticmethod
    def _thread(path):
        try:
            fields = open(f"{path}/stat").read().rsplit(")", 1)[1].split()
            written = next(line for line in open(f"{path}/io") if line.startswith("write_bytes"))
        except OSError:  # it ended
            return 0, 0, 0
        return int(fields[11]) + int(fields[12]), int(written.split()[1]), int(fields[16])

    def stations(self):
        """Processor time in microseconds of each station of the pipeline, where the threads have names."""
        found = {}
        for path in self._threads():
            name = open(f"{path}/comm").read().strip().rstrip("-0123456789")
            found[name] = found.get(name, 0) + self._thread(path)[0] * TICK
        return found if "feeder" in found else {}

    def wakeups(self):
        """Times that a thread went to sleep by itself, and so was woken."""
        total = 0
        for task in self._threads():
            for line in open(f"{task}/status"):
                if line.startswith("voluntary_ctxt"):
                    total += int(line.split()[1])
        return total

    def sizes(self, delivered):
        """Bytes of the store and of the search index, against those delivered; once it is stopped."""
        sizes = {}
        for name, path in (("store", self.path), ("search", self.search)):
            sizes[f"{name}_ratio"] = sum(os.path.getsize(p) for p in (path, path + "-wal") if os.path.exists(p)) / delivered
        return sizes

    def status(self):
        out = subprocess.run([self.binary, "status", "--json", *self.where], capture_output=True, text=True).stdout
        return json.loads(out)


def difference(after, before):
    return {key: after[key] - before[key] for key in after}


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
