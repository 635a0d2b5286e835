# SPDX-License-Identifier: GPL-2.0-only
# What a guest runs after the scenarios: procwatch attaches to a family that processes
# already and then forks $FORKS_SINCE times more, with each rung of $ATTACH_RUNGS, the
# first being the best. tests/vm/attach.py judges what came of it. /guest.sh was before.

begin_family() {
	rm -f /tmp/report /tmp/told /tmp/said
	family $FORKS_SINCE >/tmp/told &
	family=$!
	until grep -q ^ready /tmp/told; do
		sleep 0.02
	done
}

is_watching() { # PID: its signals have their descriptor, and it waits for events in poll (ppoll on arm64)
	ls -l /proc/$1/fd | grep -q signalfd && grep -q '^7\(3\)\? ' /proc/$1/syscall
}

attach() { # NAME RUNG OPTIONS...: until the family has ended
	name=$1 rung=$2
	shift 2
	procwatch attach -q --hooks "$rung" -r json=/tmp/report "$@" 2>/tmp/said &
	watcher=$!
	until is_watching $watcher 2>/dev/null || [ ! -e /proc/$watcher/exe ]; do
		sleep 0.1
	done
	kill -USR1 $family
	wait $family
	[ "$name" = attach-pid ] || kill $watcher # who waits for all, or a name, waits for whoever may still come
	wait $watcher
	echo "@@RUN $name $rung $?"
	for file in report told said; do
		[ ! -e /tmp/$file ] || send $file /tmp/$file
	done
}

for rung in $ATTACH_RUNGS; do
	begin_family
	attach attach-pid "$rung" -p "$family"
done
best=${ATTACH_RUNGS%% *}
begin_family
attach attach-name "$best" -n 'f?mil*'
begin_family
attach attach-all "$best" -a
