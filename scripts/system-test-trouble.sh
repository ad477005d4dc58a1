# A part of system-test.sh: the service is killed, stalls, hangs on its disk, and loses its journal.
# shellcheck shell=bash disable=SC2154

# ---- kill -9 --------------------------------------------------------------------------------------------------------
as_sender bash -c 'for i in {1..400}; do echo "Story number $i of the great flood" > '"$inbox"'/flood-$i.txt; done' &
for _ in 1 2 3; do
  sleep 0.2
  need systemctl is-active -q copytaster
  systemctl kill -s KILL --kill-who=main copytaster
done
wait
check "after three kill -9 every file is in the ledger, once" eventually has_rows $((expected += 400))
check "  and each was first read in a process of its own, which is said" has_record \
  "MESSAGE_ID=$(message_id 'The service ended again and again without being stopped')"
check "  and verify proves it" copytaster verify
check "  and the restart is on record" has_record "MESSAGE_ID=$(message_id 'Copytaster watches its inbox')"

# ---- watchdog -------------------------------------------------------------------------------------------------------
mkdir -p /etc/systemd/system/copytaster.service.d
printf '[Service]\nWatchdogSec=2s\nRestartSec=100ms\n' > /etc/systemd/system/copytaster.service.d/test.conf
systemctl daemon-reload && systemctl restart copytaster
sleep 5
check "an idle service is left alone by the watchdog" is "$(property NRestarts)" 0
pid=$(property MainPID)
kill -STOP "$pid"
check "a stalled one is restarted" eventually bash -c "
  [[ \$(systemctl show --value -p NRestarts copytaster) -ge 1 ]] && systemctl is-active -q copytaster"
check "  and systemd says why" journal_says "Watchdog timeout"
# A disk that does not answer: the process runs, its timers too, but the committer hangs in fdatasync(2).
if command -v strace >/dev/null; then
  printf '[Service]\nWatchdogSec=4s\nRestartSec=100ms\n' > /etc/systemd/system/copytaster.service.d/test.conf
  # Five ends in five minutes would make the next start wait.
  systemctl daemon-reload && systemctl stop copytaster && rm -f /var/lib/copytaster/interruptions
  systemctl start copytaster && sleep 1
  pid=$(property MainPID)
  strace -q -f -p "$pid" -o /dev/null -e trace=fdatasync,fsync -e inject=fdatasync,fsync:delay_enter=60000000 2>/dev/null & tracer=$!
  sleep 1
  echo "Committed to a disk that hangs" > hang.txt; deliver hang.txt
  check "a committer that hangs is named in a critical record" eventually has_record PRIORITY=2 \
    "MESSAGE_ID=$(message_id 'A part of Copytaster stands still')"
  check "  which says which stage it is" journal_says "committer has not moved"
  timeouts() { is "$(journalctl -q -u copytaster -g 'Watchdog timeout' -o cat | wc -l)" "$1"; }
  check "  the watchdog is not fed, and systemd ends the process" eventually timeouts 2
  kill -KILL $tracer; wait $tracer 2>/dev/null    # it would hold on to the thread that it delays
  check "  a new one is started" eventually bash -c "
    [[ \$(systemctl show --value -p MainPID copytaster) != @($pid|0) ]] && systemctl is-active -q copytaster"
  check "  and the file is in the ledger" eventually has_rows $((expected += 1))
else
  echo "skipped a committer that hangs: no strace on this machine"
fi

# ---- a journal that cannot be reached --------------------------------------------------------------------------------
printf '[Service]\nInaccessiblePaths=/run/systemd/journal/socket\n' > /etc/systemd/system/copytaster.service.d/test.conf
systemctl daemon-reload && systemctl restart copytaster
check "without the journal's socket the records come by standard error, with their priority" eventually has_record \
  _TRANSPORT=stdout PRIORITY=5 "_PID=$(property MainPID)"
rm -r /etc/systemd/system/copytaster.service.d; systemctl daemon-reload
systemctl restart copytaster
