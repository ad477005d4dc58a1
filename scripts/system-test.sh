#!/bin/bash
# system-test.sh BINARY: the whole service, as an operator meets it, in a real systemd.
#
# Builds the Debian package from BINARY, boots systemd and journald (scripts/with-systemd), installs the package, and
# checks what README and docs/operations.md promise: the service runs as its own user, takes the seeds that another user
# delivers, says so in the journal, reloads, survives kill -9 and a stall, stops cleanly, has company, is upgraded,
# removed and purged. One line a check.
# Where no systemd can be booted (not root, no namespaces) it says "skipped" and why, and ends with 0; with
# SYSTEM_TEST=required it fails instead.
set -uo pipefail
here=$(dirname "$(realpath -e "$0")")

# ---- outside: build the packages, boot ------------------------------------------------------------------------------
if [[ ${1:-} != --inside ]]; then
  [[ $# == 1 ]] || { echo "usage: system-test.sh BINARY" >&2; exit 64; }
  binary=$(realpath -e "$1") || exit 66
  skip() {
    echo "system test: skipped: $1"
    [[ ${SYSTEM_TEST:-} != required ]]; exit
  }
  [[ $EUID == 0 ]] || skip "needs root, to boot a systemd in namespaces of its own"
  [[ -x /lib/systemd/systemd ]] || skip "no systemd on this machine (apt-get install systemd)"
  command -v dpkg-shlibdeps >/dev/null || skip "no dpkg-shlibdeps on this machine (apt-get install dpkg-dev)"
  work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
  chmod 755 "$work"
  cp -r "$here/../seeds" "$work/seeds"
  version=$("$binary" --version)
  export DEB_COMPRESSION="gzip -z1"
  "$here/../deploy/build-deb.sh" "$binary" "$work" >/dev/null || exit 1
  VERSION=$version+1 "$here/../deploy/build-deb.sh" "$binary" "$work/next" >/dev/null || exit 1
  cp "$here"/system-test*.sh "$here/lock-itself-in" "$work"
  local=$work/local
  make -s -f "$here/../deploy/install.mk" install DESTDIR="$local" PREFIX=/usr/local BINARY="$binary" &&
    grep -q "ExecStart=/usr/local/bin/copytaster run" "$local/usr/local/lib/systemd/system/copytaster.service" &&
    ! grep -r "usr/\(bin\|share\)/copytaster" "$local/usr/local/lib/systemd/system" | grep -v usr/local &&
    make -s -f "$here/../deploy/install.mk" uninstall DESTDIR="$local" PREFIX=/usr/local BINARY="$binary" &&
    [[ $(find "$local" -type f) == "$local/etc/copytaster/copytaster.conf" ]] ||
    { echo "FAILED  make install and uninstall below /usr/local"; exit 1; }
  echo "ok      make install and uninstall below /usr/local"
  "$here/with-systemd" "$work" true 2>"$work/boot.log" || skip "no systemd could be booted: $(tr '\n' ' ' < "$work/boot.log")"
  cp "$here/../docs/operations.md" "$work"
  status=0
  "$here/with-systemd" "$work" bash "$work/system-test.sh" --inside service || status=1
  "$here/with-systemd" "$work" bash "$work/system-test.sh" --inside document || status=1
  exit $status
fi

# ---- inside ---------------------------------------------------------------------------------------------------------
. "$here/system-test-helpers.sh"

rm -f /usr/sbin/policy-rc.d    # a container image's veto against starting services; here is a systemd

dpkg --configure -a >/dev/null 2>&1    # the machine's own dpkg may have been at work when this view of it was made

# ---- the commands of docs/operations.md, block by block -------------------------------------------------------------
if [[ $2 == document ]]; then
  mkdir blocks
  awk '/^```sh$/ { n++; kind = "sh"; line = NR + 1; next } /^```answer$/ { kind = "answer"; next } /^```/ { kind = "" }
       kind { file = sprintf("blocks/%03d-line-%d.%s", n, line, kind); print > file }' operations.md
  # carry_out BLOCK: runs it; it has to print the lines of its answer, where anything may stand for "…"
  carry_out() {
    local line pattern
    bash -euo pipefail "$PWD/$1" > "$1.out" 2>&1 || { cat "$1.out"; return 1; }
    [[ -e ${1%.sh}.answer ]] || { cat "$1.out"; return 0; }
    while IFS= read -r line; do
      pattern=$(sed 's/[][\.*^$+?(){}|/]/\\&/g; s/…/.*/g' <<< "$line")
      grep -qE -e "$pattern" "$1.out" || { echo "it does not say: $line"; cat "$1.out"; return 1; }
    done < "${1%.sh}.answer"
  }
  for block in blocks/*.sh; do
    name=${block#blocks/*-} name=${name%.sh}
    run=carry_out; [[ -e ${block%.sh}.answer ]] && run="eventually carry_out"
    check "operations.md, $name: $(grep -v '^#' "$block" | head -n 1)" $run "$block"
    need systemctl is-enabled -q copytaster    # if the first one fails, so do all
    systemctl reset-failed copytaster          # so many restarts in a row are this test's own
  done
  finish "docs/operations.md"
fi

# ---- install --------------------------------------------------------------------------------------------------------
deb=$(echo copytaster_*.deb) next=$(echo next/copytaster_*.deb)
check "the package installs" dpkg -i "$deb"
check "the service is active" eventually systemctl is-active -q copytaster
need systemctl is-active -q copytaster
check "it is enabled" systemctl is-enabled -q copytaster
check "it runs as its own user" is "$(ps -o user= -p "$(property MainPID)")" "copytaster"
check "its only capabilities are CAP_LEASE and CAP_FOWNER" is "$(sed -n 's/^CapEff:\t//p' "/proc/$(property MainPID)/status")" 0000000010000008
check "StatusText says how many stories there are" eventually status_says "0 stories"
check "the start is on record" eventually has_record "MESSAGE_ID=$(message_id 'Copytaster watches its inbox')"
for name in copytaster.service copytaster@test.service copytaster-read.service copytaster-read@test.service \
  copytaster-read.socket copytaster-backup.service copytaster-backup@test.service copytaster-backup-verify.service \
  copytaster-backup-verify.timer copytaster-anchor.service copytaster-anchor@test.timer; do
  check "systemd-analyze verify has nothing to say about $name" is "$(systemd-analyze verify "$name" 2>&1)" ""
done
for name in copytaster copytaster@ copytaster-read copytaster-read@; do
  check "the exposure of $name.service is at most 1.0" systemd-analyze security --offline=yes --no-pager --threshold=10 \
    "/usr/lib/systemd/system/$name.service"
done
for name in copytaster-backup copytaster-backup-verify copytaster-anchor; do
  check "the exposure of $name.service, which may use the network, is at most 2.5" systemd-analyze security --offline=yes \
    --no-pager --threshold=25 "/usr/lib/systemd/system/$name.service"
done
# The readers of formats lock themselves in inside the unit, too, whose own filter of system calls they have to get past.
check "the package of the readers installs" dpkg -i "$(echo copytaster-formats_*.deb)"
try_in_unit() {    # CALL: tries what is forbidden, with all that the service's unit takes away
  sed -e "s|^ExecStart=.*|ExecStart=/usr/libexec/copytaster/copytaster-reader --try $1|" -e 's/^Type=.*/Type=oneshot/' \
    -e '/^WatchdogSec=/d; /^Restart=/d; /^ExecReload=/d; /^NotifyAccess=/d' /usr/lib/systemd/system/copytaster.service \
    > /run/systemd/system/copytaster-try.service
  systemctl daemon-reload
  systemctl start copytaster-try.service 2>/dev/null
  systemctl show -P ExecMainStatus copytaster-try.service
  systemctl reset-failed copytaster-try.service 2>/dev/null
}
check "a reader locks itself in inside the unit" is "$(try_in_unit nothing)" 0
check "  where a file is refused it" is "$(try_in_unit open)" 3
check "  and a socket is its end (SIGSYS)" is "$(try_in_unit socket)" 31
check "  and another process, too" is "$(try_in_unit fork)" 31
check "  without any capability" is "$(try_in_unit capabilities)" 0
check "copytaster formats lists what it reads" bash -c 'copytaster formats | grep -q "^read .*NITF"'
for station in ":750" "inbox:3770" "work:700" "rejected:750" "archive:700"; do
  check "$spool/${station%:*} has mode ${station#*:}" is "$(stat -c '%a %U %G' "$spool/${station%:*}")" \
    "${station#*:} copytaster copytaster"
done
check "the defaults that copytaster.conf shows are allowed ones" bash -c '
  sed -E "s/^( *)#([a-z]+:)/\1\2/; s/^( *)# {8}/\1   /" /etc/copytaster/copytaster.conf > shown.conf &&
  copytaster check-config --config shown.conf'
in_package() { dpkg-deb --fsys-tarfile "$deb" | tar -xO "./usr/share/$1" | { if [[ $1 == *.gz ]]; then gzip -d; else cat; fi; } | grep -q "$2"; }
check "the manual knows the commands" in_package man/man1/copytaster.1.gz "Cm verify"
check "the manual knows the configuration" in_package man/man5/copytaster.conf.5.gz "Cm inbox.maxsize"
echo "zzzzzzzzzzzz: 1" > unknown.conf
keys=$(copytaster check-config --config unknown.conf 2>&1 | sed -n 's/.*the keys are //p')
check "the program tells its keys" is "$(wc -w <<< "$keys" | awk '{ print ($1 >= 13) }')" 1
for key in ${keys//,/}; do
  check "  and the manual explains $key" in_package man/man5/copytaster.conf.5.gz "^.It Cm $key\$"
done
check "completions know the commands" bash -c '
  grep -q check-config /usr/share/bash-completion/completions/copytaster &&
  grep -q check-config /usr/share/zsh/vendor-completions/_copytaster &&
  grep -q check-config /usr/share/fish/vendor_completions.d/copytaster.fish &&
  bash -n /usr/share/bash-completion/completions/copytaster'

# ---- what the sandbox lets through ----------------------------------------------------------------------------------
# nice_of THREAD: of a thread of the service, by its name
nice_of() { sed 's/.*) //' "$(dirname "$(grep -lx "$1" /proc/"$(property MainPID)"/task/*/comm)")/stat" | cut -d' ' -f17; }
has_nice() { is "$(nice_of "$1")" "$2"; }
check "the search index lets all other threads go first" eventually has_nice indexer 15
check "  which the pipeline's own do not" has_nice committer "$(ps -o ni= -p "$(property MainPID)" | tr -d ' ')"
# A process of the service can lock itself in further: limit what it may use, and give up files and system calls.
install -m 755 "$here/lock-itself-in" /usr/local/bin/
mkdir -p /etc/systemd/system/copytaster.service.d
printf '[Service]\nExecStartPre=/usr/local/bin/lock-itself-in\n' > /etc/systemd/system/copytaster.service.d/test.conf
systemctl daemon-reload
check "a process of the service can lock itself in" systemctl restart copytaster
rm -r /etc/systemd/system/copytaster.service.d; systemctl daemon-reload; systemctl restart copytaster

# ---- deliver --------------------------------------------------------------------------------------------------------
useradd -m -G copytaster sender && useradd -m -G copytaster reader && useradd -m stranger
for seed in seeds/*.txt; do
  check "another user delivers ${seed##*/}" deliver "$seed"
done
check "the three seeds are in the ledger" eventually has_rows 3
check "and nothing is left in the inbox" eventually is "$(ls -A $inbox)" ""
check "nobody outside the group can deliver" not runuser -u stranger -- touch $inbox/x
id_new=$(message_id 'A new story was stored')
for seed in seeds/*.txt; do
  name=${seed##*/}
  check "the journal has a record about $name" eventually has_record "MESSAGE_ID=$id_new" "COPYTASTER_FILE=$name"
  record=$(records "MESSAGE_ID=$id_new" "COPYTASTER_FILE=$name")
  for field in MESSAGE PRIORITY CODE_FILE CODE_LINE CODE_FUNC COPYTASTER_STORY COPYTASTER_SHA256; do
    check "  with $field" grep -q "\"$field\":\"" <<< "$record"
  done
  check "  from copytaster, new, with the right hash" has_record "COPYTASTER_FILE=$name" SYSLOG_IDENTIFIER=copytaster \
    COPYTASTER_VERDICT=new "COPYTASTER_SHA256=$(sha256sum < "$seed" | cut -d' ' -f1)"
done
check "journalctl -x explains it" journal_says "Nothing like it was in the store"
deliver seeds/000_7844e40871c5aec3.txt again.txt
check "a repeat is told as one" eventually has_record COPYTASTER_FILE=again.txt COPYTASTER_VERDICT=identical COPYTASTER_OF=1
as_sender bash -c 'echo "A name in Latin-1" > '"$inbox"'/caf$(printf "\xe9").txt'
check "a name that is not UTF-8 is in the journal byte for byte" eventually has_record "COPYTASTER_FILE=caf"$'\xe9'".txt"
check "StatusText names the last file" eventually status_says "4 stories.*last: .*caf%e9.txt"
expected=5

# ---- permissions ----------------------------------------------------------------------------------------------------
as_sender bash -c 'umask 077; echo "For the desk only, so far" > ~/private.txt; mv ~/private.txt '"$inbox"
check "a file with mode 0600 is deferred, with a hint" eventually has_record COPYTASTER_FILE=private.txt \
  COPYTASTER_VERDICT=deferred
check "  that says what to do" journal_says "private.txt has to wait.*setfacl"
check "  and stays where it is" test -e $inbox/private.txt
as_sender bash -c "chgrp copytaster $inbox/private.txt && chmod g+r $inbox/private.txt"
check "it is taken once it is readable" eventually has_rows $((expected += 1))
as_sender bash -c 'umask 077; mkdir '"$inbox"'/wire; echo "In a directory of my own" > '"$inbox"'/wire/own.txt'
check "a sender's own directory can be emptied, whatever the umask" eventually has_rows $((expected += 1))

# ---- what cannot be a story, and what comes in masses ---------------------------------------------------------------
as_sender ln -s /etc/passwd $inbox/link.txt
check "a link is rejected, with a warning" eventually has_record "MESSAGE_ID=$(message_id 'A file was rejected')" \
  COPYTASTER_FILE=link.txt COPYTASTER_VERDICT=rejected PRIORITY=4
check "  which lies where the group can read why" eventually bash -c \
  "runuser -u reader -- sh -c 'cat $spool/rejected/*.json' | grep -qi link"
expected=$((expected + 1))
check "  and has its row in the ledger" eventually has_rows $expected
as_sender bash -c 'mkdir ~/mass; for i in {1..1500}; do echo "Mass number $i" > ~/mass/mass-$i.txt; done; mv ~/mass/* '"$inbox" 2>/dev/null
check "1,500 files at once are taken" eventually has_rows $((expected += 1500))
check "  most of them in few records" eventually has_record "MESSAGE_ID=$(message_id 'Many files in one record')"
told=$(records COPYTASTER_VERDICT=new | grep -c mass-)
check "  and not all of them one by one ($told)" test "$told" -lt 1400

# ---- ingest beside the service ---------------------------------------------------------------------------------------
mkdir -m 700 archive
for i in {1..100}; do echo "Archive number $i" > archive/$i.txt; done
chmod 600 archive/*
check "root has the service read an archive that only root may read" copytaster ingest archive
check "  all of it" has_rows $((expected += 100))
check "  and nothing was copied into the inbox" not test -e $inbox/archive
as_sender bash -c 'mkdir ~/own; for i in 1 2 3; do echo "The sender'"'"'s own, number $i" > ~/own/$i.txt; done'
check "a member of the group ingests through the inbox" timeout 30 runuser -u sender -- copytaster ingest /home/sender/own
check "  all of it" eventually has_rows $((expected += 3))
check "  but --move is not for members" ends_with 77 runuser -u sender -- copytaster ingest --move /home/sender/own
rm -rf $inbox/own

# ---- who may read ----------------------------------------------------------------------------------------------------
as_reader() { runuser -u reader -- "$@"; }
check "the store is the service's alone" is "$(stat -c '%a %U' /var/lib/copytaster)" "700 copytaster"
check "  a member of the group cannot open it" not as_reader ls /var/lib/copytaster
check "a member of the group is told that the service runs" bash -c 'runuser -u reader -- copytaster status | grep -q "is running"'
check "  and its figures" bash -c 'runuser -u reader -- copytaster status --metrics | grep -q "^copytaster_up 1"'
for command in "list --json" "ledger --json" "show 1 --json" "relations --json" "diff 1 2" "compare 1 2 --json" "search Cambodia --json"; do
  check "  $command says to a member what it says to root" bash -c "
    cmp <(runuser -u reader -- copytaster $command) <(copytaster $command)"
done
check "  show --raw gives a member the bytes" bash -c "runuser -u reader -- copytaster show 1 --raw | cmp - seeds/000_7844e40871c5aec3.txt"
for command in "verify" "backup /home/reader/copy" "redact 1 --reason x" "requeue --all" "reload"; do
  check "  $command is not for members" ends_with 77 as_reader copytaster $command
done
check "a stranger is told that this is not for him" ends_with 77 runuser -u stranger -- copytaster list
check "  and so is his status" ends_with 77 runuser -u stranger -- copytaster status
check "  with who may see it" bash -c 'runuser -u stranger -- copytaster status 2>&1 | grep -q "members of the group copytaster may"'
check "the read service runs as the service's user" is "$(ps -o user= -p "$(property MainPID copytaster-read)")" "copytaster"
check "  with no capability" is "$(sed -n 's/^CapEff:\t//p' "/proc/$(property MainPID copytaster-read)/status")" 0000000000000000
runuser -u reader -- timeout 60 copytaster ledger --follow > followed.txt & follower=$!
check "a member follows the ledger" eventually grep -q "again.txt" followed.txt
systemctl restart copytaster-read
echo "Delivered while the read service was started again" > followed-file.txt; deliver followed-file.txt
check "  through a restart of the read service" eventually grep -q followed-file.txt followed.txt
expected=$((expected + 1))
check "  with no row twice" is "$(wc -l < followed.txt)" "$(sort -u followed.txt | wc -l)"
kill $follower 2>/dev/null
systemctl stop copytaster-read.socket copytaster-read
check "without the read service members are told so" ends_with 69 as_reader copytaster list
systemctl start copytaster-read.socket

# ---- redaction -------------------------------------------------------------------------------------------------------
echo "Secret words: zyxophilic quartzomancy vexillodrome" > secret.txt; deliver secret.txt
check "a story that will be redacted is taken" eventually has_rows $((expected += 1))
check "  and found" eventually bash -c 'runuser -u reader -- copytaster search quartzomancy | grep -q secret.txt'
check "it is redacted" copytaster redact "$expected" --reason "court order"
check "  and nowhere any more" not grep -rqa "tzomancy\|illodrome" /var/lib/copytaster $spool
check "  which is on record" eventually has_record "MESSAGE_ID=$(message_id 'A redacted text is erased everywhere')"
check "every file of the store is its service's alone" is "$(find /var/lib/copytaster ! -user copytaster)" ""

# ---- off the machine -------------------------------------------------------------------------------------------------
vault=/srv/vault
install -d -o copytaster-backup -m 700 $vault
printf 'backup:\n  target: %s\n' $vault >> $conf
check "the backup that follows starts" systemctl start copytaster-backup
check "  as an account of its own" is "$(stat -c %U "/proc/$(property MainPID copytaster-backup)")" copytaster-backup
check "  which cannot open the store" not runuser -u copytaster-backup -- ls /var/lib/copytaster
check "  it ships everything" eventually bash -c 'copytaster status | grep "nothing behind"'
check "  which a member of the group sees" bash -c 'runuser -u reader -- copytaster status | grep "nothing behind"'
unit=copytaster-backup
check "  and which is on record" eventually has_record "MESSAGE_ID=$(message_id 'The backup elsewhere is complete')"
echo "Shipped words: zugzwangquiz oxyhydrogenlamp" > shipped.txt; deliver shipped.txt
check "what comes is shipped" eventually grep -rqa zugzwangquiz $vault
expected=$((expected + 1))
check "what is redacted" copytaster redact "$expected" --reason "court order"
check "  is erased there, too" eventually not grep -rqa "zugzwangquiz\|oxyhydrogenlamp" $vault
check "the newest backup is proved" systemctl start copytaster-backup-verify
unit=copytaster-backup-verify
check "  which is on record" has_record "MESSAGE_ID=$(message_id 'The newest backup was restored and is sound')" PRIORITY=5
check "  and leaves nothing" is "$(find /var/lib/copytaster-backup -mindepth 1 -name 'copytaster-*')" ""
segment=$(find $vault -name '*.segment' | head -n 1); cp "$segment" good.segment
printf 'x' | dd of="$segment" bs=1 seek=5000 conv=notrunc status=none
check "a damaged one makes it fail" not systemctl start copytaster-backup-verify
check "  with an alert" has_record "MESSAGE_ID=$(message_id 'The newest backup cannot be relied on')" PRIORITY=3
cat good.segment > "$segment"
ssh-keygen -q -t ed25519 -N "" -f /etc/copytaster/anchor.key
unit=copytaster-anchor
check "the head of the chain is signed" systemctl start copytaster-anchor
journalctl --sync; journalctl -q -o cat -u copytaster-anchor COPYTASTER_EVENT=anchored > anchors
echo "copytaster $(cat /etc/copytaster/anchor.key.pub)" > signers
check "  and is in the chain" copytaster verify --anchors anchors --allowed-signers signers
sed -i 's/"row":[0-9]*/"row":1/' anchors
check "  another one is not" not copytaster verify --anchors anchors --allowed-signers signers
unit=
check "  and the timers wait" systemctl start copytaster-anchor.timer copytaster-backup-verify.timer
check "the backup is restored" copytaster restore $vault --to /root/restored
check "  with the head of the store" is "$(copytaster verify --state /root/restored | grep ^chain)" "$(copytaster verify | grep ^chain)"
rm -r /root/restored

# ---- the inbox goes and comes back ----------------------------------------------------------------------------------
mv $inbox $inbox.away
check "a missing inbox is reported" eventually has_record "MESSAGE_ID=$(message_id 'The inbox is gone')" PRIORITY=3
check "  and the service waits for it" systemctl is-active -q copytaster
echo "Delivered while the inbox was away" > $inbox.away/away.txt
mv $inbox.away $inbox
check "its return is noticed" eventually has_record "MESSAGE_ID=$(message_id 'The inbox is back')"
check "  with what is in it" eventually has_rows $((expected += 1))

# ---- reload ---------------------------------------------------------------------------------------------------------
pid=$(property MainPID)
printf 'log:\n  level: debug\n' >> $conf
check "reload succeeds" systemctl reload copytaster
check "  and is on record" eventually has_record "MESSAGE_ID=$(message_id 'Copytaster uses its new configuration')"
cp $conf good.conf
echo 'nonsense: 1' >> $conf
check "a bad configuration makes the reload fail" not systemctl reload copytaster
check "  the reason is in the journal" eventually journal_says nonsense
check "  a bare SIGHUP is refused too" eventually bash -c "kill -HUP $pid; sleep 0.5; journalctl -q -u copytaster MESSAGE_ID=$(
  message_id 'Copytaster keeps its old configuration') | grep -q nonsense"
check "  and the same process goes on" is "$(property MainPID) $(property ActiveState)" "$pid active"
cp good.conf $conf
echo "After the reload" > after.txt
check "  and takes files" deliver after.txt
check "  which arrive" eventually has_rows $((expected += 1))

# ---- killed, stalled, without a journal -------------------------------------------------------------------------------
. "$here/system-test-trouble.sh"

# ---- stop -----------------------------------------------------------------------------------------------------------
check "it stops cleanly" systemctl stop copytaster
check "  with status 0" is "$(property Result) $(property ExecMainStatus)" "success 0"
check "  and says so" eventually has_record "MESSAGE_ID=$(message_id 'Copytaster has stopped cleanly')"
check "a member of the group can query the store meanwhile" bash -c '
  runuser -u reader -- copytaster list --json | grep -q .'
echo "Delivered while nobody was there" > absent.txt; deliver absent.txt
check "what arrives meanwhile waits" test -e $inbox/absent.txt
check "it starts again" systemctl start copytaster
check "  and takes what waited" eventually has_rows $((expected += 1))

# ---- a second instance ----------------------------------------------------------------------------------------------
sed s/NAME/sports/ /usr/share/copytaster/instance.conf > /etc/copytaster/sports.conf
check "an instance without a configuration does not start" not systemctl start copytaster@nobody
check "a second instance starts" systemctl start copytaster@sports
as_sender bash -c 'echo "Two to one" > /var/spool/copytaster@sports/inbox/score.txt'
sports_has() { is "$(copytaster ledger --json --config /etc/copytaster/sports.conf | grep -c .)" "$1"; }
check "  takes its own files" eventually sports_has 1
check "  and not those of the first" has_rows $expected
check "  and reloads" systemctl reload copytaster@sports
check "  and answers members of the group" bash -c '
  runuser -u reader -- copytaster list --config /etc/copytaster/sports.conf | grep -q "Two to one"'

# ---- a full disk ----------------------------------------------------------------------------------------------------
. "$here/system-test-full-disk.sh"

# ---- upgrade, remove, purge -----------------------------------------------------------------------------------------
before=$(property MainPID) sports=$(property MainPID copytaster@sports)
check "the package is upgraded, keeping the changed configuration" dpkg -i --force-confdef --force-confold "$next"
check "  both services were restarted" eventually bash -c "
  systemctl is-active -q copytaster copytaster@sports &&
  [[ \$(systemctl show --value -p MainPID copytaster) != $before ]] &&
  [[ \$(systemctl show --value -p MainPID copytaster@sports) != $sports ]]"
check "  the configuration is the changed one" cmp good.conf $conf
check "  and every story is there" has_rows $expected
check "the packages are removed" dpkg -r copytaster-formats copytaster
check "  nothing runs any more" not systemctl is-active -q copytaster copytaster@sports
check "  the stories stay" test -s /var/lib/copytaster/copytaster.sqlite
check "it is installed again" dpkg -i "$deb"
check "  and has every story" eventually has_rows $expected
check "it is purged without an answer" dpkg -P copytaster
check "  the configuration is gone" not test -e $conf
check "  the stories stay" test -s /var/lib/copytaster/copytaster.sqlite
dpkg -i "$deb" >/dev/null 2>&1
echo "copytaster copytaster/purge-archive boolean true" | debconf-set-selections
check "it is purged, told to delete the archive" dpkg -P copytaster
check "  nothing is left" is "$(ls -d /var/lib/copytaster* /var/spool/copytaster* /usr/lib/systemd/*/copytaster* 2>/dev/null)" ""

finish "the service"
