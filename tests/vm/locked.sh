# SPDX-License-Identifier: GPL-2.0-only
# What a guest runs last: the kernel is locked down, which no one can undo. limits.sh was before.

mount -t tracefs tracefs /sys/kernel/tracing
COMMAND=true
WITH=""
for mode in integrity confidentiality; do
	echo $mode >/sys/kernel/security/lockdown
	run lockdown-run-$mode
	try lockdown-check-$mode procwatch check
done
