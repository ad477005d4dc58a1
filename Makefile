# The few things that people do with this tree. `make demo` and `make test` need nothing but Debian and
# Swift: they install the packages that the build needs (as root, or with sudo).

SWIFT   ?= swift
RELEASE  = -c release --static-swift-stdlib -Xlinker -s
BINARY   = .build/release/copytaster
SOURCES  = Package.swift Sources Tests Benchmarks examples

.PHONY: $(BINARY) help deps build run room demo-room pictures demo test lint format bench instructions torture soak sanitize clean

help:
	@echo "make demo      build, run the daemon on a scratch spool, show what it does"
	@echo "make demo-room  build the reading room, open it over the demo's copy"
	@echo "make test      install what is needed and run every test"
	@echo "make torture   try for hours to make it lose a file;  make soak  feed it for an hour, watch what grows"
	@echo "make sanitize  the unit tests under ThreadSanitizer and AddressSanitizer"
	@echo "make build     the release binary: $(BINARY)"
	@echo "make run       the daemon in the foreground, on ./scratch"
	@echo "make bench     measure, against the bars;  make instructions  count those of the hot loops"
	@echo "make format    format the tree;  make lint  check it"
	@echo "make install   DESTDIR= PREFIX=$(PREFIX);  make deb  a Debian package"

deps:
	@scripts/install-deps

build: $(BINARY)

demo: build
	@scripts/demo $(BINARY)

# The reading room: the archive in a browser; a program of its own.
room:
	@scripts/install-deps
	$(SWIFT) build $(RELEASE) --product copytaster-web

# The room over the demo's copy, until Ctrl-C.
demo-room: build room
	@scripts/demo-room $(BINARY) $(dir $(BINARY))copytaster-web

# All pictures of the reading room; docs/pictures keeps those that the documents show.
pictures:
	Tests/browser/run --pictures .build/pictures

run: build
	$(BINARY) run --state scratch/state --spool scratch/spool

# The system test boots a real systemd on a throw-away view of this machine, the torture test pulls plugs and fills
# disks of its own, and lets strangers into the installed service; each says so where it cannot.
test: deps build
	SWIFT="$(SWIFT)" scripts/test $(BINARY)

# Hours: every byte of a store damaged, random steps against a model (to repeat one run: COPYTASTER_MODEL_SEED=), every
# fault that can be reached and pairs of them, 200 power cuts, a flood of a million files.
MODEL_SECONDS ?= 3600
# An hour for the readers of formats; to repeat one run: COPYTASTER_FUZZ_SEED=
FUZZ_SECONDS ?= 3600
torture: build
	$(SWIFT) build --build-tests
	COPYTASTER_TORTURE=1 $(SWIFT) test --skip-build --filter 'DamageTests|StoreRecoveryTests'
	COPYTASTER_MODEL_SECONDS=$(MODEL_SECONDS) $(SWIFT) test --skip-build --filter ModelTests
	COPYTASTER_FUZZ_SECONDS=$(FUZZ_SECONDS) $(SWIFT) test --skip-build --filter ReaderFuzzTests
	Tests/torture/run $(BINARY) --faults 20000 --cuts 200 --kills 2000 --seconds 300 --files 1000000 $(ARGS)
	Tests/torture/run $(BINARY) --part strangers --seconds 60
	Tests/torture/run $(BINARY) --part unit --seconds 30
	$(SWIFT) build --package-path examples/swift --scratch-path .build/example

# An hour, unless ARGS="--seconds 600" says otherwise; leaves soak.csv and soak.svg.
soak: build
	Tests/torture/soak $(BINARY) $(ARGS)

# Not the tests of the real program, which would not be instrumented, nor those that measure time.
sanitize: deps
	$(SWIFT) build --build-tests --sanitize=thread --scratch-path .build/thread
	TSAN_OPTIONS=suppressions=$(CURDIR)/Tests/tsan.supp \
	$(SWIFT) test --skip-build --sanitize=thread --scratch-path .build/thread --skip 'ScenarioTests|LimitTests|DamageTests'
	$(SWIFT) build --build-tests --sanitize=address --scratch-path .build/address
	ASAN_OPTIONS=detect_leaks=0 \
	$(SWIFT) test --skip-build --sanitize=address --scratch-path .build/address --skip 'ScenarioTests|LimitTests'

# Always asks SwiftPM: it knows what is out of date.
$(BINARY): deps
	$(SWIFT) build $(RELEASE) --product copytaster
	$(SWIFT) build $(RELEASE) --product copytaster-reader

lint:
	$(SWIFT) format lint --strict --recursive $(SOURCES)

format:
	$(SWIFT) format format --in-place --recursive $(SOURCES)

# Nine minutes. ARGS="--grow 1000000 --plots docs/plots --document docs/performance.md" measures all, and writes it down.
bench: build
	@Benchmarks/run $(BINARY) $(ARGS)

# Half a minute; the same figures on every run, so that a change that makes a hot loop slower shows.
instructions:
	@Benchmarks/instructions/run

include deploy/install.mk

clean:
	rm -rf .build scratch
