#!/usr/bin/python3
"""An untrusted local user who may do anything in the inbox, and does it, as fast as it can.

usage: vandal.py INBOX OUTSIDE SECONDS SEED
"""
import ctypes, fcntl, os, random, signal, socket, sys, time

inbox, outside, seconds, dice = sys.argv[1], sys.argv[2], float(sys.argv[3]), random.Random(int(sys.argv[4]))
os.chdir(inbox)
signal.signal(signal.SIGIO, signal.SIG_IGN)  # its own leases, broken
libc = ctypes.CDLL(None, use_errno=True)
held, done = [], {}


def unblocked(path, flags):
    """A FIFO without a reader, or a lease, would hold up whoever opens."""
    return os.open(path, flags | os.O_NONBLOCK, 0o666)


def name():
    return dice.choice(["a", "b", "c", "d/a", "d/b", "d/e/a", "f"]) + dice.choice(["", ".txt"])


def write(path, size=None):
    with open(path, "wb", opener=unblocked) as file:
        file.write(dice.randbytes(20).hex().encode() * (size or dice.randint(0, 200)))


def ordinary():
    write(name())


def grow():
    with open(name(), "ab", opener=unblocked) as file:
        file.write(b"and more\n" * dice.randint(1, 50))


def shrink():
    with open(name(), "r+b", opener=unblocked) as file:
        file.truncate(dice.randint(0, 100))


def sparse():
    with open(name(), "wb", opener=unblocked) as file:
        file.truncate(dice.choice([1 << 24, 1 << 40]))


def shut():
    os.chmod(name(), dice.choice([0, 0o200, 0o600, 0o666]))


def remove():
    os.unlink(name())


def swap():
    os.rename(name(), name())


def exchange():
    libc.renameat2(-100, name().encode(), -100, name().encode(), 2)  # RENAME_EXCHANGE


def link_out():
    path = f".link{dice.randrange(9)}"
    os.symlink(dice.choice([outside, outside + "/secret.txt", "/dev/zero", "/proc/self/mem", "../work", "loop"]), path)
    os.rename(path, name())


def directory_link():
    """A directory that senders use becomes a way out."""
    os.rename("d", f"away{dice.randrange(3)}")
    os.symlink(outside, "d")
    time.sleep(dice.choice([0, 0.001]))
    os.unlink("d")


def directory():
    os.makedirs(dice.choice(["d/e", "f", "a", "a.txt", "d/a.txt"]), exist_ok=True)


def undirectory():
    os.rmdir(dice.choice(["d/e", "f", "a", "a.txt", "d/a.txt"]))


def move_directory():
    os.rename(dice.choice(["d", "d/e", "away0"]), dice.choice(["d", "away1", "f/d"]))


def hard_link():
    os.link(name(), name())


def fifo():
    os.mkfifo(name())


def sock():
    path = name()
    socket.socket(socket.AF_UNIX).bind(path)


def hold_open():
    held.append(open(name(), "r+b", opener=unblocked))
    if len(held) > 20:
        held.pop(0).close()


def write_late():
    if held:
        file = dice.choice(held)
        file.seek(0)
        file.write(b"late")
        file.flush()


def take_lease():
    file = open(name(), "rb", opener=unblocked)
    fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    held.append(file)


def strange_name():
    path = bytes(dice.choice([c for c in range(1, 256) if c != 47]) for _ in range(255))
    with open(os.fsencode(inbox) + b"/" + path, "wb") as file:
        file.write(b"strange\n")


def injection():
    with open(b"x\x1b]0;owned\x07\n2026-01-01T00:00:00Z critical: forged %d" % dice.randrange(1000), "wb") as file:
        file.write(b"\x1b[2Jforged headline\n\nbody\n")


def deep():
    path = f"deep{dice.randrange(3)}"
    for _ in range(200):
        path += "/n"
    os.makedirs(path, exist_ok=True)
    write(path + "/f.txt", 1)


def times():
    os.utime(name(), (dice.randrange(2**33), -dice.randrange(2**31)))


ACTS = [
    ordinary, ordinary, ordinary, grow, shrink, sparse, shut, remove, swap, exchange, link_out, link_out, directory_link,
    directory, undirectory, move_directory, hard_link, fifo, sock, hold_open, write_late, take_lease, strange_name, injection,
    deep, times,
]
end = time.monotonic() + seconds
while time.monotonic() < end:
    act = dice.choice(ACTS)
    try:
        act()
        done[act.__name__] = done.get(act.__name__, 0) + 1
    except (OSError, ValueError):
        pass
for path in ("d", "f"):
    if os.path.islink(path):
        os.unlink(path)
print(sum(done.values()), flush=True)
