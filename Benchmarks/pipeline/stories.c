// Stories to measure with: about 3 KB of text that behaves like English wire copy where it matters. The frequencies
// of its words follow Zipf's law, words come in habitual pairs, each story keeps to a subject of its own, so zstd and
// FTS5 find about as much to do as in the real thing. One story in twenty repeats an earlier one byte for byte, one
// in ten is an earlier one with 5 % of the words edited; four of five such from the last 5,000, the others from
// anywhere before.
//
// Story N of a seed is always the same, and can be made without the ones before.
//
//     stories write SEED FIRST COUNT DIRECTORY      files s00000001.txt ... of stories FIRST and up; prints their bytes
//     stories deliver FIRST COUNT FROM TO           renames them one by one, in order; prints the seconds it took
//     stories print SEED FIRST COUNT                the texts, one after another
//     stories frames SEED FIRST COUNT               the same, each after a line with its size
//     stories words SEED FROM COUNT                 words by their rank: what a search looks for
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { VOCABULARY = 40000, SLOT = 24, HABITS = 16, SIZE = 3072, ROOM = 4 * SIZE, SUBJECT = 96, WINDOW = 5000 };

static const char *common[] = {
    "the", "of", "to", "in", "and", "a", "said", "for", "on", "that", "is", "it", "by", "at", "from", "with", "was",
    "be", "as", "its", "he", "would", "has", "will", "an", "have", "not", "are", "which", "had", "but", "this", "year",
    "were", "they", "been", "or", "up", "about", "new", "more", "one", "than", "last", "also", "their", "government",
    "after", "market", "we", "there", "other", "could", "who", "over", "no", "some", "if", "officials", "company",
    "two", "under", "his", "president", "first", "into", "may", "out", "can", "foreign", "against", "time", "only",
    "trade", "before", "minister", "between", "made", "yesterday", "week", "any", "down", "country", "when", "month",
    "these", "price", "share", "through", "state", "three", "rate", "world", "during", "all", "most", "because",
    "such", "told", "public", "countries", "economic", "people", "bank", "group", "next", "now", "what", "should",
    "while", "since", "expected", "report", "she", "years", "work", "former", "so", "international", "agreement",
    "meeting", "still", "national", "being", "years", "today", "industry", "according", "economy", "spokesman",
    "production", "high", "demand", "those", "increase", "early", "current", "many", "percent", "plan", "part",
    "policy", "them", "members", "general", "reporters", "low", "support", "statement", "major", "added", "result",
    "however", "including", "her", "very", "both", "financial", "end", "long", "council", "growth", "system", "did",
    "earlier", "much", "second", "further", "security", "our", "capital", "city", "police", "law", "where", "like",
    "court", "called", "set", "use", "talks", "interest", "late", "party", "power", "home", "local", "day", "news",
    "another", "used", "health", "leaders", "several", "water", "school", "same", "does", "war", "four", "without",
    "do", "off", "then", "make", "must", "take", "well", "back", "five", "way", "how", "even", "already", "within",
};
enum { COMMON = sizeof common / sizeof *common };

static const char *cities[] = {"LONDON", "BEIJING", "NEW YORK", "BRUSSELS", "NAIROBI", "TOKYO", "PARIS", "WASHINGTON",
    "SYDNEY", "DELHI", "CAIRO", "GENEVA", "MOSCOW", "LIMA", "OTTAWA", "HANOI"};
static const char *agencies[] = {"Reuters", "Xinhua", "AP", "AFP", "dpa", "UPI", "Kyodo", "PTI"};
static const char *months[] = {"January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December"};

static char words[VOCABULARY][SLOT];
static uint8_t lengths[VOCABULARY];
static uint16_t habits[VOCABULARY][HABITS];
static struct { uint32_t least; uint32_t other; } alias[VOCABULARY];

static uint64_t mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}
static uint64_t draw(uint64_t *state) { return mix(*state += 0x9E3779B97F4A7C15); }
static uint32_t below(uint64_t *state, uint32_t limit) { return (uint32_t)((draw(state) >> 32) * limit >> 32); }
static int chance(uint64_t *state, double share) { return (draw(state) >> 11) * 0x1p-53 < share; }

// A word's rank, drawn by Zipf's law (Walker's alias method: two look-ups whatever the size).
static uint32_t drawWord(uint64_t *state) {
    uint64_t r = draw(state);
    uint32_t i = (uint32_t)((r >> 32) * VOCABULARY >> 32);
    return (uint32_t)r < alias[i].least ? i : alias[i].other;
}

static void makeAlias(void) {
    static double weight[VOCABULARY];
    static uint32_t small[VOCABULARY], large[VOCABULARY];
    double sum = 0;
    int smalls = 0, larges = 0;
    for (int i = 0; i < VOCABULARY; i++) sum += weight[i] = 1 / pow(i + 2.7, 1.03);
    for (int i = 0; i < VOCABULARY; i++) {
        weight[i] *= VOCABULARY / sum;
        if (weight[i] < 1) small[smalls++] = i; else large[larges++] = i;
    }
    while (smalls && larges) {
        uint32_t s = small[--smalls], l = large[larges - 1];
        alias[s].least = (uint32_t)(weight[s] * 0xFFFFFFFFu);
        alias[s].other = l;
        if ((weight[l] -= 1 - weight[s]) < 1) small[smalls++] = large[--larges];
    }
    while (larges) alias[large[--larges]].least = 0xFFFFFFFFu;
    while (smalls) alias[small[--smalls]].least = 0xFFFFFFFFu;
}

// Pronounceable words, rarer ones longer.
static int makeWord(uint64_t *state, int rank, char *word) {
    static const char *onsets[] = {"b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "v", "w", "st",
        "tr", "pr", "ch", "sh", "br", "h", "gr", "k", "con", "re", "j", "in", "m", "s", "d", "dis"};
    static const char *vowels[] = {"a", "e", "i", "o", "u", "e", "a", "i", "ea", "ai", "o", "a", "e", "o", "i", "e"};
    static const char *codas[] = {"", "n", "r", "s", "t", "l", "", "nd", "n", "st", "", "m", "k", "", "", "d"};
    static const char *ends[] = {"", "s", "ed", "ing", "er", "tion", "al", "ly", "", "", "y", "ers", "s", "", "e", ""};
    int syllables = 1 + (rank > 900) + (rank > 6000 && below(state, 2)), n = 0;
    for (int i = 0; i < syllables; i++) {
        n += sprintf(word + n, "%s", onsets[below(state, 32)]);
        n += sprintf(word + n, "%s", vowels[below(state, 16)]);
        n += sprintf(word + n, "%s", codas[below(state, 16)]);
    }
    if (n < 9) n += sprintf(word + n, "%s", ends[below(state, 16)]);
    return n;
}

static void makeVocabulary(uint64_t seed) {
    uint64_t state = mix(seed);
    makeAlias();
    for (int i = 0; i < VOCABULARY; i++) {
        lengths[i] = i < COMMON ? sprintf(words[i], "%s", common[i]) : makeWord(&state, i, words[i]);
        if (lengths[i] >= SLOT) abort();
    }
    for (int i = 0; i < VOCABULARY; i++)
        for (int k = 0; k < HABITS; k++) habits[i][k] = drawWord(&state);
}

static char *copy(char *at, const char *text) { return stpcpy(at, text); }

// Every word lies in a slot of its own, so that a copy is a few instructions.
static char *put(char *at, uint32_t word, int isCapital) {
    memcpy(at, words[word], SLOT);
    if (isCapital) *at -= 'a' - 'A';
    return at + lengths[word];
}

static char *number(char *at, uint64_t *state) {
    switch (below(state, 4)) {
    case 0: return at + sprintf(at, "%u.%u percent", below(state, 40), below(state, 10));
    case 1: return at + sprintf(at, "%u,%03u", 1 + below(state, 99), below(state, 1000));
    case 2: return at + sprintf(at, "%u million dollars", 1 + below(state, 900));
    default: return at + sprintf(at, "%u", 1 + below(state, 300));
    }
}

typedef struct {
    uint16_t words[SUBJECT];  // what the story keeps coming back to, the first ones most
    uint32_t last;
} Subject;

static uint32_t nextWord(uint64_t *state, Subject *subject) {
    uint32_t dice = below(state, 100);
    if (dice < 44) return subject->last = habits[subject->last][below(state, 1 + below(state, HABITS))];
    if (dice < 67) return subject->last = subject->words[below(state, 1 + below(state, SUBJECT))];
    return subject->last = drawWord(state);
}

static char *sentence(char *at, uint64_t *state, Subject *subject) {
    int left = 12 + below(state, 18);
    for (int i = 0; i < left; i++) {
        uint32_t dice = below(state, 64);
        if (i) *at++ = ' ';
        if (dice == 0) at = number(at, state);
        else if (dice < 3) at = put(at, subject->words[below(state, 12)], 1);  // a name
        else at = put(at, nextWord(state, subject), i == 0);
        if (dice > 60 && i + 1 < left) *at++ = ',';
    }
    *at++ = '.';
    return at;
}

static int compose(uint64_t state, char *text) {
    Subject subject;
    for (int i = 0; i < SUBJECT; i++)
        subject.words[i] = COMMON + below(&state, i < 12 ? VOCABULARY - COMMON : 6000);
    subject.last = drawWord(&state);
    char *at = text;
    for (int i = 0, n = 6 + below(&state, 5); i < n; i++) {
        if (i) *at++ = ' ';
        at = put(at, i % 3 ? nextWord(&state, &subject) : subject.words[below(&state, 12)], 1);
    }
    at = copy(at, "\n\n");
    at += sprintf(at, "%s, %s %u (%s) - ", cities[below(&state, 16)], months[below(&state, 12)],
        1 + below(&state, 28), agencies[below(&state, 8)]);
    while (at - text < SIZE - 64) {
        at = sentence(at, &state, &subject);
        at = copy(at, chance(&state, 0.45) ? "\n\n" : " ");
    }
    while (at[-1] == ' ' || at[-1] == '\n') at--;
    *at++ = '\n';
    return at - text;
}

// Replaces one word in twenty, outside the dateline's line start.
static int edit(uint64_t *state, const char *from, int size, char *to) {
    char *at = to;
    for (int i = 0; i < size;) {
        int j = i;
        while (j < size && from[j] >= 'a' && from[j] <= 'z') j++;
        if (j - i > 1 && (i == 0 || from[i - 1] == ' ') && chance(state, 0.05)) at = put(at, drawWord(state), 0);
        else {
            if (j == i) j++;
            memcpy(at, from + i, j - i);
            at += j - i;
        }
        i = j;
    }
    return at - to;
}

static int story(uint64_t seed, uint64_t number, char *text) {
    uint64_t state = mix(seed * 0x9E3779B97F4A7C15 ^ mix(number));
    double dice = (draw(&state) >> 11) * 0x1p-53;
    if (number == 1 || dice >= 0.15) return compose(state, text);
    uint64_t span = number - 1;
    if (span > WINDOW && chance(&state, 0.8)) span = WINDOW;
    uint64_t earlier = number - 1 - below(&state, span);
    if (dice < 0.05) return story(seed, earlier, text);
    char other[ROOM];
    int size = story(seed, earlier, other);
    return edit(&state, other, size, text);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static int fail(const char *what) {
    fprintf(stderr, "stories: %s: %s\n", what, strerror(errno));
    return 74;
}

static int writeFiles(uint64_t seed, uint64_t first, uint64_t count, const char *directory) {
    char text[ROOM], name[32];
    int folder = open(directory, O_DIRECTORY | O_RDONLY);
    if (folder < 0) return fail(directory);
    uint64_t bytes = 0;
    for (uint64_t n = first; n < first + count; n++) {
        int size = story(seed, n, text);
        sprintf(name, "s%08llu.txt", (unsigned long long)n);
        int file = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
        if (file < 0 || write(file, text, size) != size) return fail(name);
        close(file);
        bytes += size;
    }
    printf("%llu\n", (unsigned long long)bytes);
    return 0;
}

static int deliver(uint64_t first, uint64_t count, const char *from, const char *to) {
    char name[32];
    int source = open(from, O_DIRECTORY | O_RDONLY), target = open(to, O_DIRECTORY | O_RDONLY);
    if (source < 0 || target < 0) return fail(source < 0 ? from : to);
    double began = now();
    for (uint64_t n = first; n < first + count; n++) {
        sprintf(name, "s%08llu.txt", (unsigned long long)n);
        if (renameat(source, name, target, name) < 0) return fail(name);
    }
    printf("%.6f\n", now() - began);
    return 0;
}

int main(int argc, char **argv) {
    uint64_t a[3] = {0};
    for (int i = 0; i < 3 && argc > i + 2; i++) a[i] = strtoull(argv[i + 2], NULL, 10);
    const char *what = argc > 1 ? argv[1] : "";
    if (!strcmp(what, "deliver") && argc == 6) return deliver(a[0], a[1], argv[4], argv[5]);
    if (argc > 2) makeVocabulary(a[0]);
    if (!strcmp(what, "write") && argc == 6) return writeFiles(a[0], a[1], a[2], argv[5]);
    if (argc != 5) return fprintf(stderr, "usage: see the head of stories.c\n"), 64;
    if (!strcmp(what, "words")) {
        for (uint64_t i = a[1]; i < a[1] + a[2] && i < VOCABULARY; i++) puts(words[i]);
        return 0;
    }
    char text[ROOM];
    for (uint64_t n = a[1]; n < a[1] + a[2]; n++) {
        int size = story(a[0], n, text);
        if (!strcmp(what, "frames")) printf("%d\n", size);
        fwrite(text, 1, size, stdout);
    }
    return 0;
}
