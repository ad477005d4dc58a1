# What every part of system-test.sh uses: how a check is told, and what is asked of the service.
# shellcheck shell=bash

export DEBIAN_FRONTEND=noninteractive SYSTEMD_PAGER=cat LC_ALL=C.UTF-8
spool=/var/spool/copytaster inbox=$spool/inbox conf=/etc/copytaster/copytaster.conf
passed=0 failed=0 failures=()

# check DESCRIPTION COMMAND...: one line, and what the command said if it failed
check() {
  local what=$1 output; shift
  if output=$("$@" 2>&1); then
    echo "ok      $what"; ((passed += 1))
  else
    echo "FAILED  $what"; ((failed += 1)); failures+=("$what")
    printf '%s\n' "        \$ $*" "${output:0:2000}" | sed '2,$s/^/        /'
  fi
}
# eventually COMMAND...: tries for twenty seconds, and shows what the last try said
eventually() {
  local limit=$((SECONDS + ${PATIENCE:-20})) output
  until output=$("$@" 2>&1); do
    [[ $SECONDS -lt $limit ]] || { echo "$output"; return 1; }
    sleep 0.1
  done
}
# need COMMAND...: without this the rest makes no sense
need() {
  eventually "$@" && return
  echo "system test: giving up: $*"
  systemctl status --no-pager 'copytaster*'; journalctl -q --no-pager -u 'copytaster*' -n 60 -o short-monotonic
  exit 1
}
is() { [[ $1 == "$2" ]] || { echo "'$1' is not '$2'"; return 1; }; }
not() { ! "$@"; }
ends_with() { local wanted=$1; shift; "$@" >/dev/null 2>&1; is $? "$wanted"; }
property() { systemctl show --value -p "$1" "${2:-copytaster}"; }
rows() { copytaster ledger --json "$@" 2>/dev/null | grep -c .; }
has_rows() { is "$(rows)" "$1"; }
as_sender() { runuser -u sender -- "$@"; }
deliver() { as_sender cp "$1" "$inbox/${2:-$(basename "$1")}"; }
# records MATCH...: the service's journal records, as JSON
status_says() { grep -q "$1" <<< "$(property StatusText)"; }
journal_says() { journalctl --sync; grep -q "$1" <<< "$(journalctl -q -x -u copytaster)"; }
records() { journalctl --sync; journalctl -q -o json -u "${unit:-copytaster}" "$@"; }
has_record() { records "$@" | grep -q .; }
message_id() { journalctl --dump-catalog | sed -n "/^-- /{s/-- //;h};/^Subject: $1\$/{g;p;q}"; }

finish() {
  echo "system test, $1: $passed checks passed, $failed failed"
  if [[ $failed -gt 0 ]]; then
    journalctl -q --no-pager -u 'copytaster*' -n 60 -o short-monotonic
    printf 'FAILED  %s\n' "${failures[@]}"
    exit 1
  fi
  exit 0
}
