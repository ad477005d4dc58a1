#!/usr/bin/python3
"""A member of the inbox's group with a plan: each function is one attack; it prints how many deeds came about.

usage: intruder.py ATTACK INBOX SECONDS [ARGUMENT...]
"""
import ctypes, errno, fcntl, os, signal, sys, time

libc = ctypes.CDLL(None, use_errno=True)
EXCHANGE = 2  # RENAME_EXCHANGE


def rename(a, x, b, y, flags=0):
    return libc.renameat2(a, x, b, y, flags) == 0


def place(descriptor):
    """Where an open file is now, whatever was renamed since."""
    return os.readlink(f"/proc/self/fd/{descriptor}")


def put(path, content):
    """As a good sender does: under a name that is left alone, then renamed."""
    directory, name = os.path.split(path)
    hidden = os.path.join(directory, f".{os.getpid()}")
    with open(hidden, "wb") as file:
        file.write(content)
    os.rename(hidden, path)


def child(deed, end, pause):
    """Does `deed` over and over, in a process of its own; with pauses where the daemon watches, who else would see
    nothing but its queue of events overflow."""
    number = os.fork()
    if number:
        return number
    try:
        while time.monotonic() < end:
            for _ in range(200):
                deed()
            time.sleep(pause)
    finally:
        os._exit(0)


PAIRS = 4


def plant(held):
    """In a directory of hers: others, x0 to x3, and symbolic links, .s0 to .s3, to be exchanged for them."""
    for i in range(PAIRS):
        x, s = f"x{i}", f".s{i}"
        for make in (lambda: os.rename(s, f".was{time.monotonic_ns()}", src_dir_fd=held, dst_dir_fd=held),
                     lambda: os.unlink(x, dir_fd=held), lambda: os.mkdir(x, 0o777, dir_fd=held),
                     lambda: os.symlink(target, s, dir_fd=held)):
            try:
                make()
            except OSError:
                pass


def exchange_all(held):
    if not all([rename(held, b"x%d" % i, held, b".s%d" % i, EXCHANGE) for i in range(PAIRS)]):
        plant(held)  # The daemon took one of them.


def smuggle_directory(end):
    """Exchanges a FIFO for a directory of hers until the daemon has moved the directory into work/."""
    exchanges, held = 0, None
    while time.monotonic() < end:
        if held is None:
            os.mkdir(".away", 0o777)
            held = os.open(".away", os.O_RDONLY | os.O_DIRECTORY)
            plant(held)
        while time.monotonic() < end and rename(-100, b"swap", -100, b".away", EXCHANGE):
            exchanges += 1
            if exchanges % 100 == 0:
                time.sleep(0.001)
        where = place(held)
        if where == os.path.abspath(".away") or where == os.path.abspath("swap"):
            other = "swap" if where.endswith("/.away") else ".away"
            try:
                os.mkfifo(other)
            except FileExistsError:
                pass
            continue
        # Moved by the daemon, or gone from both names.
        os.fchmod(held, 0o755)  # Without leave to write in it the daemon cannot move it on.
        where = place(held)
        if "/work/" in where:
            return exchanges, held
        held = None
    return exchanges, None


def exchange(inbox, seconds, mode, name):
    """Deliveries by way of a directory that is a symbolic link in every second moment: inside work/ if the daemon
    could be made to take a directory, in the inbox otherwise."""
    end = time.monotonic() + seconds
    exchanges, held = smuggle_directory(time.monotonic() + seconds / 2)
    for path in ("swap", ".away"):  # What was left on the way; whether it is a FIFO or a directory.
        try:
            if held is None and os.path.isdir(path):
                os.rename(path, f".spent{os.getpid()}{path}")
            elif os.path.lexists(path) and not os.path.isdir(path):
                os.unlink(path)
        except FileNotFoundError:
            pass  # The daemon was quicker.
    while not os.path.isdir("swap"):  # Whatever still has the name is on its way out.
        try:
            os.makedirs("swap", exist_ok=True)
        except OSError:
            time.sleep(0.01)
    inside = held is not None
    if not inside:
        held = os.open("swap", os.O_RDONLY)
        plant(held)
    else:
        for i in range(PAIRS):
            os.makedirs(f"swap/x{i}", exist_ok=True)
    swaps = child(lambda: exchange_all(held), end, 0 if inside else 0.001)
    content = b"z" * 1_200_000 if mode == "reject" else b"By way of x\n" * 20
    sent = late = 0
    while time.monotonic() < end:
        path = f"swap/x{sent % PAIRS}/{name}"
        try:
            put(path, content)
            sent += 1
            if mode == "late":  # A writer who comes while the daemon has it.
                os.close(os.open(path, os.O_RDWR | os.O_NONBLOCK))
                late += 1
        except OSError:
            pass
        time.sleep(0.002)
    os.waitpid(swaps, 0)
    print(f"inside work: {inside}, {exchanges} exchanges, {sent} sent, {late} written late", file=sys.stderr)
    return exchanges + sent + late


def hold_name(inbox, seconds):
    """Has a file a/b taken, writes to it through its open descriptor, and puts another a/b in its place: so the first
    cannot go back, and stays where it is for as long as it is open."""
    end, deeds, kept = time.monotonic() + seconds, 0, []
    os.mkdir("a")
    while time.monotonic() < end and not kept:
        put("a/b", b"Held\n" * 100_000)
        try:
            seen = os.open("a/b", os.O_RDONLY)
        except FileNotFoundError:
            continue
        before = place(seen)
        while place(seen) == before:
            pass
        if not place(seen).endswith("(deleted)"):
            deeds += 1
            try:  # Waits, or not, until the daemon gives up its lease.
                writer = os.open(f"/proc/self/fd/{seen}", os.O_RDWR | os.O_NONBLOCK)
                kept.append(writer)
            except OSError:
                try:
                    put("a/b", b"Another\n")
                    kept.append(os.open(f"/proc/self/fd/{seen}", os.O_RDWR))
                except OSError:
                    pass
            if kept and os.fstat(kept[-1]).st_nlink == 0:
                kept.clear()
        os.close(seen)
    for name in (".d1", ".d2"):  # The name itself is free for others.
        try:
            os.rename("a", name)
            break
        except OSError:
            pass
    print("holds" if kept else "holds nothing", file=sys.stderr, flush=True)
    time.sleep(max(0, end - time.monotonic()))
    return deeds


def flood(inbox, seconds, directory, count, size):
    """As many files as told, as fast as it can, in one directory."""
    os.makedirs(directory, exist_ok=True)
    content = bytes(size)
    if size:
        line = b"The flood brings the words of a river, number %d, and no end of them.\n"
        content = b"".join(line % i for i in range(size // 68 + 1))[:size]
    for i in range(count):
        with open(f"{directory}/flood{i}.txt", "wb") as file:
            if size:
                file.write(b"%d\n" % i)
                file.write(content)
    return count


def trees(inbox, seconds, count, depth):
    """Directories, each with as many below it as told, and a file at the bottom of every tenth."""
    for i in range(count):
        path = f"t{i}" + "/e" * depth
        os.makedirs(path)
        if i % 10 == 0:
            put(path + "/f.txt", b"At the bottom %d\n" % i)
    return count


def spread(inbox, seconds, count, each):
    """As many directories at the top as told, each with a few files, as if they were as many senders."""
    for i in range(count):
        os.mkdir(f"one{i}")
        for j in range(each):
            put(f"one{i}/{j}.txt", b"One of many %d %d\n" % (i, j))
    return count * each


def saw(inbox, seconds):
    """Large files that shrink to nothing and grow again while they are read, through every kind of door."""
    end, deeds, number = time.monotonic() + seconds, 0, 0
    size = 900_000
    while time.monotonic() < end:
        path = f"saw{number % 5}.txt"
        number += 1
        try:
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NONBLOCK, 0o666)
        except OSError:
            continue
        until = time.monotonic() + 0.05
        while time.monotonic() < until:
            os.ftruncate(file, size)
            os.pwrite(file, b"up and down\n" * 5000, 0)
            time.sleep(0.0005)
            os.ftruncate(file, 0)
            deeds += 1
        os.ftruncate(file, size)
        os.close(file)
        try:  # The lease is asked for now; whoever cannot get one reads while this shrinks.
            for _ in range(30):
                os.truncate(path, 0)
                os.truncate(path, size)
                deeds += 1
        except OSError:
            pass
    return deeds


def pry(inbox, seconds, state):
    """Opens whatever can be opened of the store, locks it, and holds on."""
    opened = []
    for name in ("", "copytaster.sqlite", "copytaster.sqlite-wal", "copytaster.sqlite-shm", "copytaster.sqlite-head",
                 "search.sqlite", "search.sqlite-wal", "search.sqlite-shm", ".copytaster.lock", "control"):
        try:
            opened.append((name, os.open(f"{state}/{name}", os.O_RDONLY)))
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EPERM):
                print(f"{name}: {error}", file=sys.stderr)
    print(",".join(name or "the directory" for name, _ in opened), flush=True)
    for name, file in opened:
        if name.endswith("-shm"):  # SQLite's write lock (WAL_WRITE_LOCK), https://sqlite.org/walformat.html
            fcntl.lockf(file, fcntl.LOCK_SH, 1, 120)
    time.sleep(seconds)
    return len(opened)


def read_on(inbox, seconds, state):
    """Holds a read transaction open."""
    import sqlite3
    try:
        store = sqlite3.connect(f"file:{state}/copytaster.sqlite?mode=ro", uri=True, isolation_level=None)
        store.execute("begin")
        print(store.execute("select count(*) from ledger").fetchone()[0], flush=True)
    except sqlite3.Error as error:
        print(f"refused: {error}", flush=True)
        return 0
    time.sleep(seconds)
    return 1


if __name__ == "__main__":
    attack, inbox, seconds, *rest = sys.argv[1:]
    os.umask(0)
    os.chdir(inbox)
    signal.signal(signal.SIGIO, signal.SIG_IGN)
    if attack == "exchange":
        target, *rest = rest
        target = target.encode()
    print(globals()[attack](inbox, float(seconds), *(int(a) if a.isdigit() else a for a in rest)), flush=True)
