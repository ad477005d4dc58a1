"""The same strangers against the service as it is installed: in its real unit, under its sandbox, in a real systemd.

Outside, `torture` lays out what `make install` installs and boots a systemd on it (scripts/with-systemd); inside, this file
is run again and plays every scene of hostile.py and strangers.py at a desk whose daemon systemd starts, stops and
restarts. What differs from a daemon started by hand shows here: the store and the spool are mounts of their own, most of
the file system is read-only or invisible, system calls are filtered, the log is the journal.
"""
import json, os, shutil, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, HERE)
import hostile, strangers, strangers_tools
from desk import Broken, Desk
from hostile import AS_SERVICE, SERVICE

UNIT, CONF = "copytaster.service", "/etc/copytaster/copytaster.conf"
STATE, SPOOL = "/var/lib/copytaster", "/var/spool/copytaster"
TRIES = f"/run/systemd/system/{UNIT}.d"
# Scenes without a service: commands on copies of a store.
ELSEWHERE = set(strangers_tools.SCENES)


def systemctl(*arguments, check=False):
    return subprocess.run(["systemctl", *arguments], capture_output=True, text=True, check=check)


class UnitDesk(hostile.HostileDesk):
    """The installed service, on an empty store and an empty spool. `outside` is where the sandbox lets it read."""

    def __init__(self, binary, settings, apart=False):
        systemctl("stop", UNIT)
        systemctl("reset-failed", UNIT)
        self.clear()
        self.number, self.cursor, self.apart = 0, f"@{time.time():.6f}", False  # The unit makes mounts of both, always.
        root = tempfile.mkdtemp(prefix="torture-", dir="/srv")
        os.chmod(root, 0o755)
        os.makedirs(TRIES, exist_ok=True)
        subprocess.run(["systemd-tmpfiles", "--create", "copytaster.conf"], check=True)
        Desk.__init__(self, "/usr/bin/copytaster", root, settings=settings, state=STATE, spool=SPOOL)
        os.rmdir(STATE)  # The unit makes it, with its mode.
        os.mkdir(self.inbox + "/honest")
        os.chown(self.inbox + "/honest", SERVICE, SERVICE)
        os.chmod(self.inbox + "/honest", 0o750)
        self.lay_outside()

    @staticmethod
    def clear():
        for top in (STATE, SPOOL):
            while subprocess.run(["umount", "-l", top], stderr=subprocess.DEVNULL).returncode == 0:
                pass
            shutil.rmtree(top, ignore_errors=True)
        subprocess.run(["umount", "-l", SPOOL + ".below"], stderr=subprocess.DEVNULL)
        shutil.rmtree(SPOOL + ".below", ignore_errors=True)

    def configure(self, settings):
        with open(CONF, "w") as file:
            file.write("\n".join(settings) + "\n")

    @property
    def places(self):
        return ["--config", CONF]

    # Running

    def open(self, before=AS_SERVICE):
        """Starts it, and looks whether it is in its sandbox."""
        leases = any("+lease" in part for part in before)
        with open(TRIES + "/scene.conf", "w") as file:
            file.write(f"[Service]\nReadWritePaths=-{self.root}/ftp\n")
            if not leases:
                file.write("AmbientCapabilities=\nCapabilityBoundingSet=\n")
        systemctl("daemon-reload", check=True)
        systemctl("reset-failed", UNIT)
        done = systemctl("start", UNIT)
        self.number = 0
        if not self.runs:
            raise Broken(f"systemctl start: {done.stderr.strip()[:300]}; ended with {self.ended}: {self.said()}")
        with open(f"/proc/{self.pid}/status") as file:
            facts = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
        wanted = {"Uid": "\t".join([str(SERVICE)] * 4), "NoNewPrivs": "1", "Seccomp": "2",
                  "CapEff": "0000000010000008" if leases else "0" * 16}
        if wrong := {key: facts[key] for key, value in wanted.items() if facts[key] != value}:
            raise Broken(f"the service is not in its sandbox: {wrong}")
        if os.readlink(f"/proc/{self.pid}/ns/mnt") == os.readlink("/proc/1/ns/mnt"):
            raise Broken("the service has no mounts of its own")
        return self

    @property
    def pid(self):
        """The main process; 0 between two lives."""
        if not self.number or not os.path.exists(f"/proc/{self.number}"):
            self.number = int(systemctl("show", "--value", "-p", "MainPID", UNIT).stdout or 0)
        return self.number

    @property
    def runs(self):
        return self.pid != 0

    @property
    def life(self):
        return self.pid

    @property
    def ended(self):
        """As Popen tells it: negative for a signal."""
        code, status = systemctl("show", "--value", "-p", "ExecMainCode", "-p", "ExecMainStatus", UNIT).stdout.split()
        return int(status) if code == "1" else -int(status)

    def kill(self):
        pid = self.pid
        systemctl("kill", "--signal=KILL", UNIT)
        end = time.monotonic() + 10
        while pid and os.path.exists(f"/proc/{pid}") and time.monotonic() < end:
            time.sleep(0.005)

    def stop(self, within=20):
        began = time.monotonic()
        systemctl("stop", UNIT)
        if time.monotonic() - began > within:
            raise Broken(f"did not stop within {within} s: {self.said()}")
        return self.ended

    def remove(self):
        """All of it: the next scene needs the place, and what is in here vanishes with the machine."""
        self.see_out()
        systemctl("stop", UNIT)
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.rmtree(TRIES, ignore_errors=True)

    # The journal

    def records(self):
        subprocess.run(["journalctl", "--sync"])
        lines = subprocess.run(["journalctl", "-q", "--all", "-u", UNIT, f"--since={self.cursor}", "-o", "json",
                                "--output-fields=MESSAGE,PRIORITY,_PID"], capture_output=True).stdout.splitlines()
        return [json.loads(line) for line in lines]

    def log(self):
        return "\n".join(str(record.get("MESSAGE")) for record in self.records())

    def check_log(self):
        """No message has a byte that a terminal would obey (journalctl gives those as numbers), none is forged."""
        for record in self.records():
            message = record.get("MESSAGE")
            if not isinstance(message, str):
                raise Broken(f"control characters in the journal: {bytes(message or [])[:80]}")
            if message.startswith("forged") or message.startswith("2026-01-01"):
                raise Broken("a file's name forged a record")


def play(seconds, files, only, report):
    """Inside: every scene, one after the other."""
    hostile.Where.desk = UnitDesk
    chosen = {name: scene for name, scene in strangers.scenes(only).items() if name not in ELSEWHERE}
    results = {}
    if only is None or only == "quick":
        results["hostile"] = hostile.torture(None, seconds, files, report, quick=only == "quick")
    results["strangers"] = strangers.play(None, seconds, chosen, report)
    return {"scenes": {name: figures for part in results.values() for name, figures in part["scenes"].items()},
            "broken": [line for part in results.values() for line in part["broken"]]}


def torture(binary, seconds, files, only, report):
    """Outside: installs into a tree, boots, and hands on what came of it."""
    top = os.path.realpath(HERE + "/../..")
    work = tempfile.mkdtemp(prefix="torture-unit-")
    try:
        os.chmod(work, 0o755)
        layer, scenes = work + "/layer", work + "/scenes"
        os.mkdir(layer, 0o755)
        subprocess.run(["make", "-s", "-f", top + "/deploy/install.mk", "install", f"DESTDIR={layer}", "PREFIX=/usr",
                        f"BINARY={binary}"], check=True, stdout=subprocess.DEVNULL)
        shutil.copytree(HERE, scenes, ignore=lambda _, names: [name for name in names if not name.endswith(".py")])
        tried = subprocess.run([top + "/scripts/with-systemd", scenes, "true"], capture_output=True, text=True)
        if tried.returncode:
            if os.environ.get("TORTURE_TEST") == "required":
                return {"scenes": {}, "broken": [f"unit: no systemd could be booted: {tried.stderr.strip()}"]}
            return {"scenes": {"all": f"skipped: no systemd could be booted: {tried.stderr.strip()}"}, "broken": []}
        done = subprocess.run(
            [top + "/scripts/with-systemd", "-l", layer, scenes, "/usr/bin/python3", scenes + "/unit.py", str(seconds), str(files),
             only or ""],
            env={**os.environ, "WITH_SYSTEMD_TIMEOUT": str(int(600 + 150 * seconds)), "WITH_SYSTEMD_TMPFS": "6g"})
        try:
            with open(scenes + "/result.json") as file:
                return json.load(file)
        except FileNotFoundError:
            return {"scenes": {}, "broken": [f"unit: the scenes ended with {done.returncode}"]}
    finally:
        shutil.rmtree(work, ignore_errors=True)


def prepare():
    """Inside: the account with the number that the scenes know, and what a container's /dev lacks."""
    for command in (["userdel", "copytaster"], ["groupdel", "copytaster"]):
        subprocess.run(command, stderr=subprocess.DEVNULL)
    subprocess.run(["systemd-sysusers", "--inline", f"u copytaster {SERVICE} - {STATE}"], check=True)
    subprocess.run(["systemd-sysusers"], check=True)
    for name, kind, number in [("loop-control", "c", (10, 237)), *((f"loop{i}", "b", (7, i)) for i in range(16))]:
        if not os.path.exists("/dev/" + name):
            subprocess.run(["mknod", "/dev/" + name, kind, *map(str, number)], check=True)
    systemctl("daemon-reload", check=True)
    systemctl("start", "copytaster-read.socket", check=True)


class Inside:
    """A line a scene: nobody sees a terminal through here."""

    def say(self, line):
        print(line, flush=True)

    def progress(self, part, done, total, broken):
        print(f"in the unit, {part}: {done} of {total}, {broken} broken", file=sys.stderr, flush=True)


if __name__ == "__main__":
    seconds, files, only = sys.argv[1:]
    prepare()
    result = play(float(seconds), int(files), only or None, Inside())
    with open(HERE + "/result.json", "w") as file:
        json.dump(result, file)
