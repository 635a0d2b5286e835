# SPDX-License-Identifier: GPL-2.0-only
# What a guest runs after the scenarios: procwatch with few rights, in a namespace,
# under limits. tests/vm/limits.py judges what came of it. /guest.sh was before.

BPF=39 PERFMON=38 READ=2 RESOURCE=24

try() { # NAME COMMAND...: its output and its report are sent
	name=$1
	shift
	rm -f /tmp/limits/report
	"$@" >/tmp/told 2>/tmp/said </dev/null
	echo "@@RUN $name limits $?"
	[ ! -s /tmp/limits/report ] || send report /tmp/limits/report
	send told /tmp/told
	send said /tmp/said
}

run() { # with a report
	try "$1" $WITH procwatch run -r json=/tmp/limits/report -- $COMMAND
}

ulimit -l unlimited
mkdir -p -m 777 /tmp/limits
chmod 777 /tmp/limits

# The command shows its own rights, and those of the procwatch that records it.
cat >/tmp/limits/rights <<'END'
grep CapEff /proc/self/status
for p in /proc/[0-9]*; do
	grep -q '^Name:.procwatch$' $p/status && grep CapPrm $p/status
done
exit 0
END
COMMAND="sh /tmp/limits/rights"
WITH="" run as-root
echo 2 >/proc/sys/kernel/perf_event_paranoid
WITH="lesser $BPF,$PERFMON,$READ" run three
echo 0 >/proc/sys/kernel/unprivileged_bpf_disabled
WITH="lesser $BPF,$PERFMON,$READ" run unprivileged-0
echo 2 >/proc/sys/kernel/unprivileged_bpf_disabled
echo 3 >/proc/sys/kernel/perf_event_paranoid # where there is such a level
WITH="lesser $BPF,$PERFMON,$READ" run paranoid
try check-paranoid lesser $BPF,$PERFMON,$READ procwatch check
echo 2 >/proc/sys/kernel/perf_event_paranoid
COMMAND=true
WITH="lesser none" run without-any
WITH="lesser $PERFMON,$READ" run without-bpf
WITH="lesser $BPF,$READ" run without-perfmon
WITH="lesser $BPF,$PERFMON" run without-read

cat >/tmp/limits/inside <<'END'
echo $$ >/sys/fs/cgroup/limit-$1/cgroup.procs
shift
exec "$@"
END

COMMAND="storm 40 4"
ulimit -l 8192
WITH="lesser $BPF,$PERFMON,$READ" run memlock-8192
ulimit -l 64
WITH="lesser $BPF,$PERFMON,$READ" run memlock-64
WITH="lesser $BPF,$PERFMON,$READ,$RESOURCE" run memlock-resource
ulimit -l unlimited
WITH="unshare -p -f --mount-proc" run pid-namespace
WITH="unshare -p -f" run pid-namespace-old-proc

for size in 64 16; do
	mkdir /sys/fs/cgroup/limit-$size
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control
	echo ${size}M >/sys/fs/cgroup/limit-$size/memory.max
	WITH="sh /tmp/limits/inside $size" run memory-$size
done

umount /sys/kernel/tracing
WITH="" run no-tracefs
COMMAND="storm 600 8"
WITH="lesser $BPF,$PERFMON,$READ" run no-tracefs-three
try check-no-tracefs lesser $BPF,$PERFMON,$READ procwatch check
# Nobody can take that back.
echo 1 >/proc/sys/kernel/unprivileged_bpf_disabled
COMMAND=true
WITH="lesser $BPF,$PERFMON,$READ" run unprivileged-1
