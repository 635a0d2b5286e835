# SPDX-License-Identifier: GPL-2.0-only
# What a guest runs: records the scenarios with each rung of $RUNGS, the demos with
# each of $DEMO_RUNGS, and sends out what came of it for tests/vm/matrix to judge.

send() { # NAME FILE
	echo "@@FILE $1"
	gzip -c "$2" | base64
	echo "@@EOF"
}

record() { # NAME RUNG COMMAND...
	name=$1 rung=$2
	shift 2
	rm -f /tmp/report /tmp/told /tmp/said
	procwatch run -q --hooks "$rung" -r json=/tmp/report -- "$@" >/tmp/told 2>/tmp/said
	echo "@@RUN $name $rung $?"
	for file in report told said; do
		[ ! -e /tmp/$file ] || send $file /tmp/$file
	done
}

for rung in $RUNGS; do
	record scenarios "$rung" scenarios "$FORKS"
done
for rung in $DEMO_RUNGS; do
	for demo in zombie orphan queue pool daemon; do
		record demo_$demo "$rung" demo_$demo
	done
done
procwatch check >/tmp/check
echo "@@RUN check any $?"
send said /tmp/check
