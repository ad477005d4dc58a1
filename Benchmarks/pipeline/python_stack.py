"""What a user would build instead: watchdog + datasketch + sqlite3. Prints `ready`, then ingests until it has seen
COUNT files or nothing came for three seconds; prints the number of files and the seconds since the first event."""
import hashlib, os, queue, sqlite3, sys, time
from datasketch import MinHash, MinHashLSH
from watchdog.events import FileSystemEventHandler
from watchdog.observers import Observer

inbox, state, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
arrived = queue.Queue()


class Handler(FileSystemEventHandler):
    def on_moved(self, event):
        arrived.put(event.dest_path)

    def on_closed(self, event):
        arrived.put(event.src_path)

    def on_created(self, event):
        arrived.put(event.src_path)


observer = Observer()
observer.schedule(Handler(), inbox)
observer.start()
db = sqlite3.connect(state)
db.execute("pragma journal_mode = wal")
db.execute("pragma synchronous = full")
db.execute("create table story (id integer primary key, name text, sha text, bytes blob, of integer)")
lsh = MinHashLSH(threshold=0.7, num_perm=128)
shas, seen, began, pending = {}, 0, None, []
print("ready", flush=True)
while seen < count:
    try:
        path = arrived.get(timeout=3 if began else 60)
    except queue.Empty:
        break
    began = began or time.time()
    try:
        data = open(path, "rb").read()
    except FileNotFoundError:
        continue
    seen += 1
    sha = hashlib.sha256(data).hexdigest()
    of = shas.get(sha)
    if of is None:
        words = data.decode("utf-8", "replace").lower().split()
        sketch = MinHash(num_perm=128)
        sketch.update_batch([" ".join(words[i : i + 5]).encode() for i in range(max(1, len(words) - 4))])
        like = lsh.query(sketch)
        of = like[0] if like else None
        lsh.insert(seen, sketch)
        shas[sha] = seen
    db.execute("insert into story values (?, ?, ?, ?, ?)", (seen, os.path.basename(path), sha, data, of))
    pending.append(path)
    if len(pending) == 512 or arrived.empty():
        db.commit()
        for old in pending:
            os.unlink(old)
        pending = []
db.commit()
print(seen, time.time() - began if began else 0, flush=True)
os._exit(0)
