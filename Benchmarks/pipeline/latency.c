// How long a file takes from its rename into an inbox until it is durable, seen from outside: files are sent one by one
// at a steady rate, and the moments at which their number is durable are noted. Prints each file's microseconds, a line
// each, in the order of sending.
//
//     latency daemon FIRST COUNT RATE FILES INBOX DATABASE
//     latency floor  FIRST COUNT RATE FILES INBOX LOG
//
// daemon: of the service at INBOX. SQLite counts commits in the header of the shared memory beside DATABASE
// (sqlite.org/walformat.html) once the log is synced; the header is looked at every 50 us while a file is on its way,
// which disturbs nobody, and the ledger is read only when it has changed.
//
// floor: of the least that a durable service does: an inotify event, open, read, append to LOG, fdatasync; files that
// arrive meanwhile share the next fdatasync. It runs as a child here and is watched in the same way.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { LOOK = 50000 };  // nanoseconds

static long first, count, base;
static volatile uint32_t *header;  // of the daemon's shared memory, or the floor's counter
static sqlite3 *database;
static sqlite3_stmt *newest;
static struct { double at; long done; } *seen;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void rest(double seconds) {
    if (seconds <= 0) return;
    struct timespec t = {seconds, (seconds - (long)seconds) * 1e9};
    nanosleep(&t, NULL);
}

static void die(const char *what) {
    fprintf(stderr, "latency: %s: %s\n", what, database ? sqlite3_errmsg(database) : strerror(errno));
    exit(74);
}

static void *map(int file, int flags) {
    void *at = mmap(NULL, 4096, flags & MAP_ANONYMOUS ? PROT_READ | PROT_WRITE : PROT_READ, flags, file, 0);
    if (at == MAP_FAILED) die("mmap");
    return at;
}

// MARK: The floor

static void serveFloor(const char *inbox, const char *log, int events) {
    static char buffer[1 << 20], names[1 << 16];
    int out = open(log, O_CREAT | O_WRONLY | O_APPEND | O_TRUNC, 0600);
    if (out < 0 || chdir(inbox) < 0) die(log);
    for (long done = 0; done < count;) {
        ssize_t size = read(events, names, sizeof names);
        long held = 0;
        for (char *at = names; at < names + size; held++) {
            struct inotify_event *event = (void *)at;
            int in = open(event->name, O_RDONLY | O_CLOEXEC);
            ssize_t n = read(in, buffer, sizeof buffer);
            close(in);
            if (n < 0 || write(out, buffer, n) != n) die(event->name);
            at += sizeof *event + event->len;
        }
        if (fdatasync(out) < 0) die(log);
        *header = done += held;
        for (char *at = names; at < names + size;) {
            struct inotify_event *event = (void *)at;
            unlink(event->name);
            at += sizeof *event + event->len;
        }
    }
    exit(0);
}

// MARK: The daemon

static long rows(void) {
    if (sqlite3_step(newest) != SQLITE_ROW) die("reading the ledger");
    long id = sqlite3_column_int64(newest, 0);
    sqlite3_reset(newest);
    return id;
}

static void openDatabase(const char *path) {
    char shm[4096];
    snprintf(shm, sizeof shm, "%s-shm", path);
    int file = open(shm, O_RDONLY);
    if (file < 0) die(shm);
    header = map(file, MAP_SHARED);
    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL)
        || sqlite3_prepare_v2(database, "select coalesce(max(id), 0) from ledger", -1, &newest, NULL)) die(path);
    base = rows();
}

// Which place in the ledger each file got: commits come in the order of claims, which need not be that of sending.
static void order(long *place) {
    sqlite3_stmt *named;
    if (sqlite3_prepare_v2(database, "select id, cast(name as text) from ledger where id > ?", -1, &named, NULL)) die("");
    sqlite3_bind_int64(named, 1, base);
    while (sqlite3_step(named) == SQLITE_ROW) {
        long number = strtol((const char *)sqlite3_column_text(named, 1) + 1, NULL, 10) - first;
        if (number >= 0 && number < count) place[number] = sqlite3_column_int64(named, 0) - base - 1;
    }
}

// MARK: Both

// How many files are durable now, and since when that is known; -1 if nothing changed.
static long durable(uint32_t *last, double *at) {
    uint32_t change = database ? header[2] : *header;
    if (change == *last) return -1;
    *last = change;
    *at = now();
    if (!database) return change;
    long done = rows() - base;
    if (header[2] != change) *at = now();  // another commit came meanwhile, and may be counted
    return done;
}

static void send(int from, int to, double *sent, double pause) {
    long next = 0, done = 0, looks = 0;
    uint32_t last = database ? header[2] : 0;
    double start = now() + 0.1;
    char name[32];
    while (done < count) {
        double t = now();
        if (t > start + count * pause + 30) die("files are missing half a minute after the last one");
        if (next < count && t >= start + next * pause) {
            sprintf(name, "s%08ld.txt", first + next);
            sent[next++] = now();
            if (renameat(from, name, to, name) < 0) die(name);
        }
        long n = durable(&last, &t);
        if (n > done) {
            seen[looks].at = t;
            seen[looks++].done = done = n;
        }
        if (n >= 0) continue;
        t = now();
        double due = next < count ? start + next * pause - t : 1;
        rest(done == next ? due : due < LOOK / 1e9 ? due : LOOK / 1e9);
    }
}

int main(int argc, char **argv) {
    if (argc != 8) return fprintf(stderr, "usage: see the head of latency.c\n"), 64;
    first = atol(argv[2]), count = atol(argv[3]);
    prctl(PR_SET_TIMERSLACK, 1);
    int from = open(argv[5], O_DIRECTORY | O_RDONLY), to = open(argv[6], O_DIRECTORY | O_RDONLY);
    if (from < 0 || to < 0) die(from < 0 ? argv[5] : argv[6]);
    double *sent = calloc(count, sizeof *sent);
    long *place = calloc(count, sizeof *place);
    seen = calloc(count + 1, sizeof *seen);
    pid_t child = 0;
    if (strcmp(argv[1], "floor")) openDatabase(argv[7]);
    else {
        header = map(-1, MAP_SHARED | MAP_ANONYMOUS);
        int events = inotify_init1(IN_CLOEXEC);
        if (inotify_add_watch(events, argv[6], IN_MOVED_TO) < 0) die(argv[6]);
        if (!(child = fork())) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            serveFloor(argv[6], argv[7], events);
        }
    }
    send(from, to, sent, 1 / atof(argv[4]));
    for (long i = 0; i < count; i++) place[i] = i;
    if (database) order(place);
    for (long i = 0; i < count; i++) {
        long look = 0;
        while (seen[look].done <= place[i]) look++;
        printf("%.1f\n", (seen[look].at - sent[i]) * 1e6);
    }
}
