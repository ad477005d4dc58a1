"""Each stage alone (the Swift package in Benchmarks/stages), and the instructions of the hot loops."""
import json
import os
import shutil
import signal
import subprocess
import sys

from tools import HERE, SEED

PACKAGE = f"{HERE}/../stages"
STORIES, FILES = 30_000, 1_024  # as in Benchmarks/stages
TITLES = {
    "claim": "claim: look, open, lease, rename", "read": "read", "hash": "SHA-256", "decode": "decode", "parse": "parse",
    "encode": "encode the reading", "sketch": "words, shingles, sketch",
    "index": "index: look up, compare, insert (20,000 known)", "compress": "compress",
    "commit": "commit, batches of 512, synced", "release": "release: compare, unlink", "search indexing": "search indexing",
}


def run_stages(bench):
    """Microseconds a file, by stage; None where the package cannot be built."""
    if not shutil.which("swift"):
        return None
    frames = f"{bench.scratch}/frames"
    with open(frames, "wb") as file:
        command = [f"{bench.scratch}/stories", "frames", str(SEED), "1", str(STORIES)]
        subprocess.run(command, stdout=file, check=True)
    environment = {
        **os.environ, "STAGES_STORIES": frames, "STAGES_SCRATCH": bench.directory("stages"),
        "BENCHMARK_DISABLE_JEMALLOC": "1",
    }
    bench.tell("the stages alone (the first time they are built: some minutes)")
    command = ["swift", "package", "--package-path", PACKAGE, "--disable-sandbox", "benchmark", "--no-progress",
               "--format", "jmh", "--path", "stdout"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               start_new_session=True)
    try:
        output, errors = process.communicate(timeout=1800)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # its plugin, and what that started
        return None
    if process.returncode:
        print(errors[-2000:], file=sys.stderr)
        return None
    if "failed with" in output:
        print(output[:2000], file=sys.stderr)
    return parse(output)


def parse(output):
    """The median of each stage, from what the benchmark tool prints for JMH's viewers; it is in microseconds."""
    line = next(line for line in output.split("\n") if line.startswith("[{"))
    found = {}
    for entry in json.loads(line):
        stage = entry["benchmark"].rsplit(".", 1)[1].replace("_", " ")
        clock = next(figures for name, figures in entry["secondaryMetrics"].items() if "wall clock" in name)
        found[stage] = clock["scorePercentiles"]["50.0"] / FILES
    return {stage: found[stage] for stage in TITLES if stage in found}


def measure(bench, report, results):
    stages = results["stages"] = run_stages(bench)
    report.head("Each stage alone, one thread, microseconds a file")
    if not stages:
        report.line("stages", "not measured", "swift cannot build Benchmarks/stages")
    for stage, title in TITLES.items() if stages else ():
        report.line(title, f"{stages[stage]:.1f} us" if stage in stages else "not measured")
    bench.tell("instructions of the hot loops")
    done = subprocess.run([f"{HERE}/../instructions/run", "--json"], capture_output=True, text=True)
    report.head("The hot loops, counted by valgrind")
    if done.returncode:
        report.line("instructions", "not counted", done.stderr.strip()[:60])
        return
    results["instructions"] = json.loads(done.stdout)
    for loop, found in results["instructions"].items():
        report.line(loop, f"{found['instructions']:,.0f} instructions", f"{found['allocations']:.1f} allocations")
