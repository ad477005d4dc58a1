# The few things that people do with this tree. `make demo` and `make test` need nothing but Debian and
# Swift: they install the packages that the build needs (as root, or with sudo).

SWIFT   ?= swift
PREFIX  ?= /usr
DESTDIR ?=
RELEASE  = -c release --static-swift-stdlib -Xlinker -s
BINARY   = .build/release/copytaster
SOURCES  = Package.swift Sources Tests Benchmarks

.PHONY: help deps build run demo test lint format bench install clean

help:
	@echo "make demo      build, run the daemon on a scratch spool, show what it does"
	@echo "make test      install what is needed and run every test"
	@echo "make build     the release binary: $(BINARY)"
	@echo "make run       the daemon in the foreground, on ./scratch"
	@echo "make bench     measure"
	@echo "make format    format the tree;  make lint  check it"
	@echo "make install   DESTDIR= PREFIX=$(PREFIX)"

deps:
	@scripts/install-deps

build: deps
	$(SWIFT) build $(RELEASE) --product copytaster

demo: build
	@scripts/demo $(BINARY)

run: build
	$(BINARY) run --state scratch/state --spool scratch/spool

test: deps lint
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build

lint:
	$(SWIFT) format lint --strict --recursive $(SOURCES)

format:
	$(SWIFT) format format --in-place --recursive $(SOURCES)

bench: build
	@Benchmarks/run $(BINARY)

clean:
	rm -rf .build scratch
