# SPDX-License-Identifier: GPL-2.0-only
# What a guest runs whose kernel is locked down. /guest.sh was before, without a rung to try.

run() { # NAME COMMAND...
	name=$1
	shift
	rm -f /tmp/report
	"$@" >/tmp/told 2>/tmp/said
	echo "@@RUN $name limits $?"
	[ ! -s /tmp/report ] || send report /tmp/report
	send told /tmp/told
	send said /tmp/said
}

run lockdown-run procwatch run -r json=/tmp/report -- true
run lockdown-check procwatch check
