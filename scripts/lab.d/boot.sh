# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Starts the guest, carries its output, and ends it.
#
# Between host and guest there is a directory, $LAB_RUN:
#   job       what to run, as shell assignments; lab.d/init.c reads it
#   seed      bytes for the guest's random number generator
#   out, err  pipes that carry the script's output
#   console   the kernel log, with the lines in which init reports
#
# The guest runs in a process namespace of its own where that is allowed: then
# nothing of it can stay behind, not even if this script is killed. The traced
# children of a User-Mode Linux that dies would go on as processes of the host.

guest_run() {
	local timeout=$1 mem=${2:-$K_MEM} time_travel=$3 out=$4 guest verdict

	shift 4
	LAB_RUN=$(mktemp -d "${TMPDIR:-/tmp}/adit-lab.XXXXXX") || exit 1
	# Process 1 is static: it runs before anything is mounted.
	compiled LAB_INIT init -static
	job_write "$timeout" "$time_travel" "$out" "$@"
	streams_open
	ulimit -c 0
	"${K_BOOT}_start" "$mem" "$time_travel" "$out"
	guest=$STARTED
	guest_wait "$guest" "$timeout"
	verdict=$?
	streams_close
	judge "$verdict" "$timeout"
}

# compiled VARIABLE NAME OPTION...: names lab.d/NAME*.c in the cache, compiled.
compiled() {
	local hash file

	hash=$(cat "$LAB_DIR/$2"*.[ch] | hash_of)
	file=$LAB_CACHE/$2-$hash
	printf -v "$1" %s "$file"
	[ ! -x "$file" ] || return 0
	gcc -O2 -Wall -Wno-unused-result "${@:3}" -o "$file.$$" "$LAB_DIR/$2"*.c ||
		die "cannot compile $LAB_DIR/$2*.c"
	mv "$file.$$" "$file"
}

# Writes the job and the seed. The caller's ADIT_* variables go along.
job_write() {
	local timeout=$1 time_travel=$2 out=$3 name

	export ADIT_TREE=$LAB_TREE ADIT_KERNEL=$K_NAME
	[ -z "$time_travel" ] || export ADIT_TIME_TRAVEL=1
	[ -z "$out" ] || export ADIT_OUT=$out
	{
		job_line boot "$K_BOOT" cwd "$PWD" arg "$(realpath -s -- "$4")"
		[ $# -le 4 ] || printf 'arg=%s\0' "${@:5}"
		# What must stay visible where the guest has file systems of its own.
		job_line keep "$LAB_TREE" keep "$LAB_CACHE" keep "$PWD" \
			keep "$(realpath -s -- "$4")" keep "$(realpath -- "$4")"
		job_line env "PATH=$LAB_TREE/build:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
			env HOME=/tmp/home env USER=root env LOGNAME=root env SHELL=/bin/bash \
			env TERM=dumb env LANG=C.UTF-8
		for name in "${!ADIT_@}"; do
			job_line env "$name=${!name}"
		done
		[ ! -d "$K_DIR/lib/modules" ] || job_line modules "$K_DIR/lib/modules"
		[ -z "$out" ] || job_line out "$out"
		! streams_merged || job_line merged 1
		[ -n "$time_travel" ] || job_line alarm $((timeout * 9 / 10))
	} >"$LAB_RUN/job"
	# A run with time travel is deterministic; so is its seed.
	if [ -n "$time_travel" ]; then
		seq 100
	else
		head -c 256 /dev/urandom
	fi >"$LAB_RUN/seed"
}

# job_line KEY VALUE [KEY VALUE]...: in the form that lab.d/init.c reads.
job_line() {
	printf '%s=%s\0' "$@"
}

# Standard output and error are one stream if they are the same file: then
# their order is kept.
streams_merged() {
	[ /dev/fd/1 -ef /dev/fd/2 ]
}

# Opens the pipes as descriptors 5 and 6, with a reader at the end of each, so
# that a guest can neither block in opening them nor make ours non-blocking.
streams_open() {
	mkfifo "$LAB_RUN/out" "$LAB_RUN/err"
	start cat "$LAB_RUN/out"
	LAB_READERS=("$STARTED")
	start cat "$LAB_RUN/err" >&2
	LAB_READERS+=("$STARTED")
	exec 5<>"$LAB_RUN/out" 6<>"$LAB_RUN/err"
}

streams_close() {
	exec 5>&- 6>&-
	wait "${LAB_READERS[@]}"
}

# start_isolated COMMAND...: like start, in a process namespace if possible.
# A process 1 ignores the signals by which a dying User-Mode Linux ends
# itself, hence the shell.
start_isolated() {
	local -a isolation=()

	! unshare --pid --fork true 2>/dev/null ||
		isolation=(unshare --pid --fork --kill-child bash -c '"$@" & exec 2>/dev/null; wait $!' -)
	start "${isolation[@]}" "$@" </dev/null >"$LAB_RUN/console" 2>&1
}

# guest_wait PID SECONDS: 124 if the time is up first.
guest_wait() {
	local guest=$1 clock ended

	start sleep "$2" 5>&- 6>&-
	clock=$STARTED
	wait -n -p ended "$guest" "$clock"
	if [ "$ended" = "$clock" ]; then
		end_group "$guest"
		return "$EXIT_TIMEOUT"
	fi
	end_group "$clock"
	return 0
}

# --- User-Mode Linux

uml_start() {
	local mem=$1 time_travel=$2 xstate

	compiled xstate xstate -shared -fPIC
	cpu_take
	TMPDIR=$(uml_memory_dir) start_isolated taskset -c "$LAB_CPU" \
		env LD_PRELOAD="$xstate" "$K_IMAGE" mem="$mem" \
		root=none rootfstype=hostfs rootflags=/ ro \
		init="$LAB_INIT" ADIT_RUN="$LAB_RUN" \
		con=null con0=null,fd:1 con1=null,fd:5 con2=null,fd:6 ssl=null \
		uml_dir="$LAB_RUN/" umid=guest \
		bonding.max_bonds=0 dummy.numdummies=0 ifb.numifbs=0 \
		ignore_loglevel printk.devkmsg=on ${time_travel:+time-travel=inf-cpu}
}

# Sets LAB_CPU, where the guest runs: its kernel and its processes take turns, and a turn
# that goes over to another CPU has to wake that, which makes a system call ten times as
# long. One that no other guest has, while there is one: the lock is held by this shell.
cpu_take() {
	local ranges range cpu lock cpus=()

	IFS=, read -ra ranges < <(sed -n 's/^Cpus_allowed_list:\t//p' /proc/self/status)
	for range in "${ranges[@]}"; do
		for ((cpu = ${range%-*}; cpu <= ${range#*-}; cpu++)); do
			cpus+=("$cpu")
		done
	done
	for LAB_CPU in "${cpus[@]}"; do
		exec {lock}>"$LAB_CACHE/cpu-$LAB_CPU.lock"
		! flock -n "$lock" || return 0
		exec {lock}>&-
	done
	LAB_CPU=${cpus[RANDOM % ${#cpus[@]}]}
}

# The guest's memory is an executable file: on tmpfs where there is room.
uml_memory_dir() {
	if [ "$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)" -gt 4000000 ] &&
		! findmnt -no OPTIONS /dev/shm | grep -qw noexec; then
		echo /dev/shm
	else
		echo "$LAB_RUN"
	fi
}

# --- qemu

qemu_start() {
	local mem=$1 out=$3 accel=icount
	local -a share=()

	[ -n "$LAB_ICOUNT" ] || accel=$(qemu_accel)
	[ -z "$out" ] || share=(-virtfs "local,path=$out,mount_tag=out,security_model=none")
	qemu_guest "$accel" "$mem" "$K_IMAGE" "$K_DIR/initramfs.cpio" \
		"ADIT_RUN=$LAB_RUN ADIT_INIT=$LAB_INIT" \
		-virtfs local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap \
		"${share[@]}" \
		-device virtio-serial-pci \
		-chardev "file,id=out,path=$LAB_RUN/out" -device virtserialport,chardev=out,name=out \
		-chardev "file,id=err,path=$LAB_RUN/err" -device virtserialport,chardev=err,name=err
}

# qemu_guest ACCEL MEM IMAGE INITRD APPEND [OPTION...]
qemu_guest() {
	local -a accel

	case $1 in
	kvm)	accel=(-accel kvm -cpu host -smp 2) ;;
	icount)	accel=(-accel "tcg,thread=single" -cpu max -smp 1 -icount shift=0,sleep=off) ;;
	tcg)	accel=(-accel "tcg,thread=multi" -cpu max -smp 2) ;;
	esac
	start_isolated qemu-system-x86_64 "${accel[@]}" -m "$2" \
		-kernel "$3" -initrd "$4" \
		-append "console=ttyS0 ignore_loglevel printk.devkmsg=on oops=panic panic=-1 $5" \
		-nodefaults -no-user-config -display none -no-reboot \
		-serial stdio "${@:6}"
}

# kvm where a guest really boots with it within seconds, else tcg. /dev/kvm may
# exist and not work. The answer is kept for as long as the host runs.
qemu_accel() {
	local boot kept=$LAB_CACHE/kvm answer

	boot=$(cat /proc/sys/kernel/random/boot_id)
	answer=$(sed -n "s/^$boot //p" "$kept" 2>/dev/null)
	if [ -z "$answer" ]; then
		answer=tcg
		[ -w /dev/kvm ] && qemu_probe && answer=kvm
		echo "$boot $answer" >"$kept"
	fi
	echo "$answer"
}

qemu_probe() {
	qemu_guest kvm 256M "$K_IMAGE" "$K_DIR/initramfs.cpio" ADIT_PROBE=1
	guest_wait "$STARTED" 4
	grep -q adit-lab-probe "$LAB_RUN/console"
}
