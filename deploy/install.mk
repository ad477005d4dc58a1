# Where everything goes: included by the Makefile, which sets BINARY to the program it has built.
#   make install DESTDIR=/tmp/tree PREFIX=/usr
# DESTDIR is a tree to pack later; PREFIX where the files will live. /etc and /var stay where they are for any PREFIX but
# can be moved with SYSCONFDIR. Units, sysusers.d and tmpfiles.d are found below /usr and /usr/local alike; the catalog
# below /usr only.

PREFIX ?= /usr
DESTDIR ?=
SYSCONFDIR ?= /etc
BINARY ?= .build/release/copytaster
# The program that reads formats, built beside it: the package copytaster-formats. Without it plain copy and wire text are read.
READER ?= $(dir $(BINARY))copytaster-reader
# Debian keeps what packages bring for zsh here; other systems use site-functions.
ZSHDIR ?= $(PREFIX)/share/zsh/vendor-completions

deploy := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
root := $(DESTDIR)$(PREFIX)
# The paths inside the files are those of PREFIX=/usr.
relocate := sed -e 's|/usr/bin/copytaster|$(PREFIX)/bin/copytaster|g' -e 's|/usr/share/copytaster|$(PREFIX)/share/copytaster|g' \
	-e 's|/usr/share/doc|$(PREFIX)/share/doc|g' -e 's|/etc/copytaster|$(SYSCONFDIR)/copytaster|g'

units := copytaster.service copytaster@.service copytaster-read.socket copytaster-read@.socket \
	copytaster-read.service copytaster-read@.service copytaster-backup.service copytaster-backup@.service \
	copytaster-backup-verify.service copytaster-backup-verify@.service copytaster-backup-verify.timer \
	copytaster-backup-verify@.timer copytaster-anchor.service copytaster-anchor@.service copytaster-anchor.timer \
	copytaster-anchor@.timer

monitoring := copytaster-textfile copytaster-metrics.service copytaster-metrics.timer copytaster.rules.yml copytaster.dashboard.json

.PHONY: install uninstall deb

install: $(BINARY)
	install -D -m 755 $(BINARY) $(root)/bin/copytaster
	if test -x $(READER); then \
	  install -D -m 755 $(READER) $(root)/libexec/copytaster/copytaster-reader && \
	  install -D -m 644 $(deploy)/man/copytaster-reader.8 $(root)/share/man/man8/copytaster-reader.8; fi
	install -d $(root)/lib/systemd/system $(root)/lib/sysusers.d $(root)/lib/tmpfiles.d $(root)/share/copytaster
	for unit in $(units); do \
	  $(relocate) $(deploy)/$$unit > $(root)/lib/systemd/system/$$unit && \
	  chmod 644 $(root)/lib/systemd/system/$$unit || exit 1; done
	install -m 644 $(deploy)/copytaster.sysusers $(root)/lib/sysusers.d/copytaster.conf
	install -m 644 $(deploy)/copytaster.tmpfiles $(root)/lib/tmpfiles.d/copytaster.conf
	install -m 644 $(deploy)/instance.tmpfiles $(root)/share/copytaster/instance.tmpfiles
	install -D -m 644 $(deploy)/copytaster.catalog $(root)/lib/systemd/catalog/copytaster.catalog
	install -d $(DESTDIR)$(SYSCONFDIR)/copytaster
	test -e $(DESTDIR)$(SYSCONFDIR)/copytaster/copytaster.conf || \
	  install -m 644 $(deploy)/copytaster.conf $(DESTDIR)$(SYSCONFDIR)/copytaster/copytaster.conf
	install -d $(root)/share/man/man1
	$(deploy)/man/render $(BINARY) < $(deploy)/man/copytaster.1.in > $(root)/share/man/man1/copytaster.1
	install -D -m 644 $(deploy)/man/copytaster.conf.5 $(root)/share/man/man5/copytaster.conf.5
	install -m 644 $(deploy)/instance.conf $(root)/share/copytaster/instance.conf
	install -D -m 644 $(deploy)/../docs/operations.md $(root)/share/doc/copytaster/operations.md
	install -d $(root)/share/copytaster/backup
	install -m 755 $(deploy)/backup/over-ssh $(deploy)/backup/over-rclone $(root)/share/copytaster/backup
	install -D -m 644 $(deploy)/../docs/search.md $(root)/share/doc/copytaster/search.md
	install -d $(root)/share/copytaster/monitoring $(root)/share/doc/copytaster/examples
	for file in $(monitoring); do \
	  $(relocate) $(deploy)/monitoring/$$file > $(root)/share/copytaster/monitoring/$$file && \
	  chmod 644 $(root)/share/copytaster/monitoring/$$file || exit 1; done
	chmod 755 $(root)/share/copytaster/monitoring/copytaster-textfile
	install -m 755 $(deploy)/../examples/recent_stories.py $(deploy)/../examples/follow_ledger.py $(root)/share/doc/copytaster/examples
	install -d $(root)/share/bash-completion/completions $(root)/share/fish/vendor_completions.d $(DESTDIR)$(ZSHDIR)
	$(BINARY) --generate-completion-script bash > $(root)/share/bash-completion/completions/copytaster
	$(BINARY) --generate-completion-script zsh > $(DESTDIR)$(ZSHDIR)/_copytaster
	$(BINARY) --generate-completion-script fish > $(root)/share/fish/vendor_completions.d/copytaster.fish

# The spool, the store and the configuration stay.
uninstall:
	rm -f $(root)/bin/copytaster $(addprefix $(root)/lib/systemd/system/,$(units)) $(root)/lib/sysusers.d/copytaster.conf \
	  $(root)/lib/tmpfiles.d/copytaster.conf $(root)/lib/systemd/catalog/copytaster.catalog \
	  $(root)/share/man/man1/copytaster.1 $(root)/share/man/man5/copytaster.conf.5 \
	  $(root)/share/bash-completion/completions/copytaster $(DESTDIR)$(ZSHDIR)/_copytaster \
	  $(root)/share/fish/vendor_completions.d/copytaster.fish
	rm -rf $(root)/share/copytaster $(root)/share/doc/copytaster $(root)/libexec/copytaster $(root)/share/man/man8/copytaster-reader.8

# The package, in dist/.
deb: $(BINARY)
	$(deploy)/build-deb.sh $(BINARY) dist
