"""The measurements. Each takes the bench (scratch directory, tools, corpus, options) and returns plain figures."""
import os
import shutil
import statistics
import subprocess
import sys
import time

from tools import HERE, SEED, Daemon, difference, percentile

BEFORE = 10_000  # files that the daemon has taken before its latency is measured


def median(rounds, key):
    return statistics.median(found[key] for found in rounds)


def floor(bench, count):
    """Files a second of a loop that reads, hashes, appends, syncs and unlinks."""
    files, out = bench.directory("floor-files"), f"{bench.scratch}/floor-out"
    bench.corpus().write(files, count)
    seen, seconds = bench.tools.run("floor", files, out).split()
    os.unlink(out)
    return {"files": int(seen), "per_s": int(seen) / float(seconds)}


def burst(bench, count):
    """Files renamed one by one, as fast as that goes, into the inbox of a daemon that has nothing yet."""
    files, daemon, corpus = bench.directory("burst-files"), bench.daemon(f"burst-{count}"), bench.corpus()
    first, size = corpus.write(files, count)
    before = daemon.usage()
    began, sending = corpus.deliver(first, count, files, daemon.inbox)
    committed = daemon.until(count) - began
    used, stations, memory = difference(daemon.usage(), before), daemon.stations(), daemon.memory()
    indexed = daemon.until(count, daemon.indexed, 0.05) - began
    total = difference(daemon.usage(), before)
    verdicts = daemon.status()["verdicts"]
    daemon.stop()
    found = {
        "files": count, "bytes_per_file": size / count, "sending_s": sending,
        "committed_s": committed, "per_s": count / committed, "indexed_per_s": count / indexed,
        "cpu_us": used["cpu"] / count, "index_cpu_us": total["cpu_behind"] / count,
        "resident_mb": memory / 1e6, "verdicts": verdicts,
        "stations_us": {name: us / count for name, us in stations.items()},
        "written_ratio": used["written"] / size, "index_written_ratio": total["written_behind"] / size,
        **daemon.sizes(size),
    }
    shutil.rmtree(daemon.root)
    return found


def rounds(bench, count, times):
    """Floor and burst in turns, so that both see the same machine; the medians, and every round."""
    every = []
    for number in range(times):
        bench.tell(f"floor and burst of {count:,} files, round {number + 1} of {times}")
        os.sync()
        lowest = floor(bench, count)["per_s"]
        os.sync()
        found = burst(bench, count)
        found["floor_per_s"] = lowest
        found["ratio"], found["indexed_ratio"] = found["per_s"] / lowest, found["indexed_per_s"] / lowest
        every.append(found)
    figures = [key for key, value in every[0].items() if isinstance(value, float)]
    return {**every[0], **{key: median(every, key) for key in figures}, "rounds": every}


def python_stack(bench, count):
    """What one would build instead, from Python packages; None if they cannot be had."""
    packages = os.path.join(HERE, "..", "..", ".build", "bench-python")
    environment = {**os.environ, "PYTHONPATH": packages}
    if not os.path.exists(f"{packages}/datasketch"):
        bench.tell("installing watchdog and datasketch with pip")
        install = [sys.executable, "-m", "pip", "install", "-q", "--target", packages, "watchdog", "datasketch"]
        try:
            if subprocess.run(install, capture_output=True, timeout=180).returncode:
                return None
        except subprocess.TimeoutExpired:
            return None
    bench.tell(f"the Python stack, {count:,} files")
    inbox, files, corpus = bench.directory("python-inbox"), bench.directory("python-files"), bench.corpus()
    first, _ = corpus.write(files, count)
    process = subprocess.Popen(
        [sys.executable, f"{HERE}/python_stack.py", inbox, f"{bench.scratch}/python.sqlite", str(count)],
        stdout=subprocess.PIPE, text=True, env=environment)
    if process.stdout.readline().strip() != "ready":
        return None
    corpus.deliver(first, count, files, inbox)
    seen, seconds = process.stdout.readline().split()
    process.wait()
    return {"files": count, "per_s": int(seen) / float(seconds), "lost": count - int(seen)}


def latency(bench, rate, seconds):
    """Milliseconds from a file's rename into the inbox until it is durable: of the floor, and of the daemon.

    The daemon has work behind it, as services have: SQLite writes over its log from the beginning then, which syncs
    sooner than the longer and longer file of the first 16 MB after a start.
    """
    count, found = rate * seconds, {"rate": rate, "files": rate * seconds}
    for what in ("floor", "daemon"):
        bench.tell(f"latency at {rate:,} files/s, {what}, {seconds} s")
        files, daemon, corpus = bench.directory("latency-files"), None, bench.corpus()
        if what == "daemon":
            daemon = bench.daemon(f"latency-{rate}")
            targets = [daemon.inbox, daemon.path]
            first, _ = corpus.write(files, BEFORE)
            corpus.deliver(first, BEFORE, files, daemon.inbox)
            daemon.until(BEFORE, daemon.indexed, 0.05)
        else:
            targets = [bench.directory("latency-inbox"), f"{bench.scratch}/latency-log"]
        first, _ = corpus.write(files, count)
        os.sync()
        waits = bench.tools.run("latency", what, first, count, rate, files, *targets)
        if daemon:
            daemon.stop()
            shutil.rmtree(daemon.root)
        waits = [float(line) / 1000 for line in waits.split()]
        found[what] = {"p50_ms": percentile(waits, 0.5), "p99_ms": percentile(waits, 0.99), "all_ms": waits}
    return found


def idle(bench, seconds):
    daemon = bench.daemon("idle")
    bench.tell(f"idle, {seconds + 5} s")
    time.sleep(5)
    before, wakeups = daemon.usage(), daemon.wakeups()
    time.sleep(seconds)
    used, woken = difference(daemon.usage(), before), daemon.wakeups() - wakeups
    found = {
        "cpu_percent": (used["cpu"] + used["cpu_behind"]) / seconds / 1e4, "wakeups_per_s": woken / seconds,
        "resident_mb": daemon.memory() / 1e6,
    }
    daemon.stop()
    return found


def ingest(bench, count, served):
    """`copytaster ingest DIRECTORY`: to the last commit, and to its end (which waits for the search index)."""
    bench.tell(f"copytaster ingest of {count:,} files, {'with' if served else 'without'} a service")
    source = bench.directory("ingest-files")
    bench.corpus().write(source, count)
    daemon = bench.daemon(f"ingest-{served}")
    if not served:
        daemon.stop()  # it has made the store, so that its rows can be counted from the beginning
    os.sync()
    began = time.monotonic()
    process = subprocess.Popen([bench.binary, "ingest", source, *daemon.where], stdout=subprocess.DEVNULL)
    if not served:
        daemon.store = bench.connect(daemon.path)
    committed = daemon.until(count) - began
    status = process.wait()
    ended = time.monotonic() - began
    daemon.stop() if served else daemon.store.close()
    shutil.rmtree(daemon.root)
    shutil.rmtree(source)
    if status:
        raise SystemExit(f"copytaster ingest ended with {status}")
    return {"files": count, "per_s": count / committed, "to_end_per_s": count / ended}


def search(bench, daemon, times=15):
    """A common query of two words over a store, as a person runs it: the whole command, in milliseconds."""
    query = ["economic", "policy"]
    texts = bench.corpus().sample(1000)
    share = sum(all(word in text.lower().split() for word in query) for text in texts) / len(texts)
    with bench.connect(daemon.path) as store:
        count = store.execute("select max(id) from ledger").fetchone()[0]
    found = {"stories": count, "query": " ".join(query), "share": share}
    for name, options in (("newest", []), ("best", ["--best"])):
        bench.tell(f"search, {name} first")
        waits = []
        for _ in range(times + 2):
            began = time.perf_counter()
            command = [bench.binary, "search", *query, "--limit", "20", *options, *daemon.where]
            out = subprocess.run(command, capture_output=True, text=True)
            waits.append((time.perf_counter() - began) * 1000)
            if out.returncode:
                raise SystemExit(f"search failed: {out.stderr}")
        found[f"{name}_ms"] = statistics.median(waits[2:])
    return found


def restart(bench, corpus, daemon):
    """Seconds until READY, and from then until a file that comes at once is committed."""
    files = bench.directory("first-file")
    first, _ = corpus.write(files, 1)
    daemon.start()
    rows = daemon.rows()
    began, _ = corpus.deliver(first, 1, files, daemon.inbox)
    return {"ready_s": daemon.ready, "first_verdict_s": daemon.until(rows + 1, pause=0.002) - began}


def milestones(total):
    return sorted({n for n in (10_000, 30_000, 100_000, 300_000, 1_000_000) if n < total} | {total})


def grow(bench, total):
    """Stories in chunks, up to `total`; at some sizes, with the search index at rest, what a file costs there, and a
    restart. The daemon is left stopped, with its store."""
    daemon, corpus, steps, done, raw = bench.daemon("grow"), bench.corpus(), [], 0, 0
    written = {"written": 0, "written_behind": 0}
    for target in milestones(total):
        measured = min(20_000, target - done)
        while done < target:
            count = min(20_000, target - measured - done) or measured
            if done + count == target:
                daemon.until(done, daemon.indexed, 0.05)
                os.sync()
            files = bench.directory("grow-files")
            first, size = corpus.write(files, count)
            before = daemon.usage()
            began, _ = corpus.deliver(first, count, files, daemon.inbox)
            done, raw = done + count, raw + size
            seconds = daemon.until(done) - began
            used = difference(daemon.usage(), before)
            bench.tell(f"growing: {done:,} of {total:,} stories, {count / seconds:,.0f} files/s")
        step = {
            "stories": done, "us": seconds * 1e6 / count, "cpu_us": used["cpu"] / count,
            "written_ratio": used["written"] / size, "resident_mb": daemon.memory() / 1e6,
        }
        caught_up = time.monotonic()
        daemon.until(done, daemon.indexed, 0.05)
        step["index_wait_s"] = time.monotonic() - caught_up
        time.sleep(1)
        step["resident_at_rest_mb"] = daemon.memory() / 1e6
        for key, value in daemon.usage().items():
            if key in written:
                written[key] += value
        step.update(written_total_ratio=written["written"] / raw, index_written_ratio=written["written_behind"] / raw)
        daemon.stop()
        step.update(daemon.sizes(raw))
        step.update(restart(bench, corpus, daemon))
        done, raw = done + 1, raw + size / count
        step["resident_after_start_mb"] = daemon.memory() / 1e6
        steps.append(step)
    daemon.stop()
    return steps, daemon
