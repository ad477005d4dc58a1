# A part of system-test.sh: an instance of its own whose disk fills up, waits for room, and goes on by itself.
# shellcheck shell=bash

sed s/NAME/tiny/ /usr/share/copytaster/instance.conf > /etc/copytaster/tiny.conf
tiny=/var/lib/copytaster@tiny unit=copytaster@tiny
mkdir $tiny && mount -t tmpfs -o size=6m tmpfs $tiny
mkdir -p /etc/systemd/system/$unit.service.d
printf '[Service]\nWatchdogSec=4s\n' > /etc/systemd/system/$unit.service.d/test.conf
systemctl daemon-reload
check "an instance with a tiny disk starts" systemctl start $unit
head -c 10M /dev/zero > $tiny/filler 2>/dev/null
tiny_status() { copytaster status --config /etc/copytaster/tiny.conf >/dev/null; }
tiny_ends_with() { tiny_status; is $? "$1"; }
head -c 400000 /dev/urandom | base64 > /var/spool/copytaster@tiny/inbox/large.txt
check "  says critically that it is full" eventually has_record "MESSAGE_ID=$(message_id 'No space is left on the disk')" PRIORITY=2
check "  status ends with 1" eventually tiny_ends_with 1
check "  StatusText says why" eventually bash -c "systemctl show --value -p StatusText $unit | grep -qi 'space\|room'"
as_sender bash -c 'for i in {1..500}; do echo "Tiny number $i" > /var/spool/copytaster@tiny/inbox/tiny-$i.txt; done'
sleep 8
check "  the watchdog knows that it only waits" is "$(property NRestarts $unit) $(property ActiveState $unit)" "0 active"
rm $tiny/filler
check "  it goes on by itself" eventually has_record "MESSAGE_ID=$(message_id 'There is space on the disk again')"
check "  status ends with 0" eventually tiny_ends_with 0
check "  and every file is in the ledger" eventually bash -c "
  [[ \$(copytaster ledger --json --config /etc/copytaster/tiny.conf | wc -l) == 501 ]]"
check "  all in one life" is "$(property NRestarts $unit)" 0
systemctl stop $unit; umount $tiny; 
rm -r $tiny /var/spool/copytaster@tiny /etc/copytaster/tiny.conf /etc/systemd/system/$unit.service.d; systemctl daemon-reload; unit=
