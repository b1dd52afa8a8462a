# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The kernels of scripts/lab: the table, and how each gets into the cache.
#
# A kernel's directory in the cache carries a hash of all it is made from, so
# another source version, compiler or configuration makes another directory.
# It is valid once it holds the file `complete`, which is written last.
#
# kernel_select sets what the rest uses:
#   K_NAME, K_TEXT     the name, and a line of text for people
#   K_BOOT             uml | qemu: who boots it
#   K_DIR              its directory in the cache
#   K_KDIR, K_ARCH     where and for what ARCH modules are built
#   K_IMAGE            what is booted
#   K_MEM              memory if nothing else is said

# name	builder	release	memory	fragments, in lab.d/*.config	text
KERNEL_TABLE='
fast	uml	6.1	1G	common uml	User-Mode Linux, no debugging
debug	uml	6.1	2G	common uml debug	User-Mode Linux, every check
smp	x86	6.1	2G	common debug x86	every check in qemu, 2 CPUs
stock	debian	6.1	1G	-	the Debian kernel in qemu, 2 CPUs
debug-6.12	uml	6.12	2G	common uml debug later	debug, of the backported kernel
stock-6.12	debian	6.12	1G	-	the backported kernel in qemu, 2 CPUs
'

kernel_names() {
	local name rest

	while read -r name rest; do
		[ -z "$name" ] || printf '%s ' "$name"
	done <<<"$KERNEL_TABLE"
}

kernel_select() {
	local name

	while IFS=$'\t' read -r name K_BUILDER K_RELEASE K_MEM K_FRAGMENTS K_TEXT; do
		[ "$name" = "$1" ] || continue
		K_NAME=$name
		"${K_BUILDER}_describe"
		return
	done <<<"$KERNEL_TABLE"
	die "no kernel '$1'; there are: $(kernel_names)"
}

kernel_ready() {
	[ -e "$K_DIR/complete" ]
}

# Makes the selected kernel exist. Two callers at once build it once.
kernel_need() {
	local lock

	kernel_ready && return
	mkdir -p "$LAB_CACHE" || die "cannot create $LAB_CACHE"
	exec {lock}>"$K_DIR.lock"
	flock -n "$lock" || {
		say "$K_NAME: another process is making it; waiting"
		flock "$lock"
	}
	kernel_ready || {
		mkdir -p "$K_DIR"
		"${K_BUILDER}_make"
		: >"$K_DIR/complete"
	}
	exec {lock}>&-
}

hash_of() {
	sha256sum | cut -c 1-12
}

package_version() {
	dpkg-query -W -f '${Version}' "$1" 2>/dev/null
}

# step LOG COMMAND...: runs it with all output in LOG, says every 20 seconds
# how far it is, and shows the end of LOG if it fails.
step() {
	local log=$1 began=$SECONDS next=$((SECONDS + 20)) pid

	shift
	start "$@" >>"$log" 2>&1 </dev/null
	pid=$STARTED
	while kill -0 "$pid" 2>/dev/null; do
		sleep 0.5
		[ "$SECONDS" -ge "$next" ] || continue
		next=$((SECONDS + 20))
		say "$K_NAME: $((SECONDS - began)) s, $(wc -l <"$log") lines," \
			"now$(tail -n 1 "$log" | cut -c 1-60)"
	done
	wait "$pid" && return
	tail -n 30 "$log" >&2
	die "$K_NAME: '$*' failed; all of its output: $log"
}

# --- kernels built from Debian's source package

uml_describe() {
	K_BOOT=uml
	K_ARCH=um
	source_describe
	K_IMAGE=$K_KDIR/linux
}

x86_describe() {
	K_BOOT=qemu
	K_ARCH=x86_64
	source_describe
	K_IMAGE=$K_KDIR/arch/x86/boot/bzImage
}

source_describe() {
	local version hash

	K_SOURCE=linux-source-$K_RELEASE
	version=$(package_version "$K_SOURCE")
	[ -n "$version" ] || die "package $K_SOURCE is not installed (scripts/deps --long does it)"
	K_PATCH=$LAB_DIR/uml-$K_RELEASE.patch
	hash=$({ echo "$version $(gcc --version)"; cat "$K_PATCH"; fragments |
		grep '^CONFIG_'; } | hash_of)
	K_DIR=$LAB_CACHE/$K_NAME-$hash
	K_KDIR=$K_DIR/build
}

# All configuration fragments of the kernel, as one: a later one's line is what
# counts.
fragments() {
	local name

	for name in $K_FRAGMENTS; do
		cat "$LAB_DIR/$name.config"
	done | tac | awk -F= '!/^CONFIG_/ || !seen[$1]++' | tac
}

uml_make() {
	source_make linux
}

# Everything is built in, so the initramfs has no modules to load.
x86_make() {
	source_make bzImage
	initramfs_pack "$K_DIR/log" </dev/null
}

# source_make IMAGE
source_make() {
	local log=$K_DIR/log source

	say "$K_NAME: building it, once; this takes some minutes"
	: >"$log"
	source_need
	mkdir -p "$K_KDIR"
	config_make "$log"
	step "$log" make -C "$source" O="$K_KDIR" ARCH="$K_ARCH" -j"$(nproc)" "$1" modules
	# Modules need neither the objects nor the dependency files.
	find "$K_KDIR" \( -name '*.o' -o -name '*.a' -o -name '.*.cmd' \) \
		-not -path "$K_KDIR/scripts/*" -delete
}

# Two thirds of the source, of which the build needs no more than the Kconfig
# files and makefiles.
SOURCE_UNUSED=(
	'*/Documentation/*.rst' '*/tools/testing' '*/arch/*/boot/dts' '*/sound/*.[ch]'
	'*/drivers/gpu/*.[ch]' '*/drivers/media/*.[ch]' '*/drivers/infiniband/*.[ch]'
	'*/drivers/scsi/*.[ch]' '*/drivers/staging/*.[ch]'
	'*/drivers/net/ethernet/*.[ch]' '*/drivers/net/wireless/*.[ch]'
)

# Unpacks the source that all kernels of one release share, without what only
# other machines need, and with our patch. Sets $source of the caller.
source_need() {
	local hash lock tar=/usr/src/$K_SOURCE.tar.xz

	hash=$(cat "$K_PATCH" - <<<"$(package_version "$K_SOURCE")" | hash_of)
	source=$LAB_CACHE/source-$K_RELEASE-$hash
	exec {lock}>"$source.lock"
	flock "$lock"
	if [ ! -e "$source/complete" ]; then
		say "$K_NAME: unpacking $tar"
		rm -rf "$source"
		mkdir -p "$source"
		step "$log" tar -C "$source" --strip-components=1 -xf "$tar" \
			--wildcards "${SOURCE_UNUSED[@]/#/--exclude=}"
		step "$log" patch -d "$source" -p1 -i "$K_PATCH"
		: >"$source/complete"
	fi
	exec {lock}>&-
}

# Turns the fragments into a .config in which every one of their lines holds.
config_make() {
	local log=$1 all=$K_DIR/fragments wrong

	fragments >"$all"
	step "$log" make -C "$source" O="$K_KDIR" ARCH="$K_ARCH" KCONFIG_ALLCONFIG="$all" allnoconfig
	wrong=$(config_wrong "$all" "$K_KDIR/.config")
	[ -z "$wrong" ] || die "$K_NAME: the kernel's configuration does not take: $wrong"
}

# Lines of fragment $1 that do not hold in .config $2.
config_wrong() {
	local line

	grep '^CONFIG_' "$1" | while IFS= read -r line; do
		case $line in
		*=n)	! grep -q "^${line%=n}=" "$2" ;;
		*)	grep -qxF -- "$line" "$2" ;;
		esac || echo "$line"
	done
}

# --- kernels that are Debian's own packages

debian_describe() {
	K_BOOT=qemu
	K_ARCH=x86_64
	K_HEADERS=linux-headers-$K_RELEASE-amd64
	[ "$K_RELEASE" != 6.1 ] || K_HEADERS=linux-headers-amd64
	K_PACKAGE=$(debian_image)
	[ -n "$K_PACKAGE" ] || die "package $K_HEADERS is not installed (scripts/deps does it)"
	K_VERSION=${K_PACKAGE#* }
	K_PACKAGE=${K_PACKAGE% *}
	K_UNAME=${K_PACKAGE#linux-image-}
	K_DIR=$LAB_CACHE/$K_NAME-$(hash_of <<<"$K_PACKAGE $K_VERSION $(cat "$LAB_DIR/initramfs")")
	K_KDIR=/usr/src/linux-headers-$K_UNAME
	K_IMAGE=$K_DIR/boot/vmlinuz-$K_UNAME
}

# The image package that belongs to the installed headers, and its version.
debian_image() {
	local headers version

	headers=$(dpkg-query -W -f '${Depends}' "$K_HEADERS" 2>/dev/null)
	headers=${headers%% *}
	version=$(package_version "$headers")
	[ -z "$version" ] || echo "linux-image-${headers#linux-headers-} $version"
}

debian_make() {
	local log=$K_DIR/log

	say "$K_NAME: fetching $K_PACKAGE $K_VERSION, once"
	: >"$log"
	cd "$K_DIR" || die "cannot enter $K_DIR"
	step "$log" apt-get download "$K_PACKAGE=$K_VERSION"
	step "$log" dpkg-deb -x "$K_PACKAGE"_*.deb .
	rm -f "$K_PACKAGE"_*.deb
	step "$log" depmod -b . "$K_UNAME"
	initramfs_make "$log"
	cd "$OLDPWD" || exit
}

# Without these modules the root cannot be mounted.
initramfs_make() {
	modprobe -d "$K_DIR" -S "$K_UNAME" -a --show-depends \
		virtio_pci 9pnet_virtio 9p virtio_console |
		awk '$1 == "insmod" && !seen[$2]++ { print $2 }' |
		initramfs_pack "$1"
}

# initramfs_pack LOG: a static busybox, and modules that are read as paths.
initramfs_pack() {
	local log=$1 root=$K_DIR/initramfs module number=100

	rm -rf "$root"
	mkdir -p "$root"/{bin,dev,proc,sys,newroot,modules}
	cp /bin/busybox "$root/bin/busybox"
	install -m 755 "$LAB_DIR/initramfs" "$root/init"
	while read -r module; do
		cp "$module" "$root/modules/$((number++))-${module##*/}"
	done
	(cd "$root" && find . | cpio -o -H newc 2>>"$log") >"$K_DIR/initramfs.cpio" ||
		die "$K_NAME: cannot make the initramfs; see $log"
}

# --- the module

# Builds adit.ko for the selected kernel into the tree. Sets ADIT_KO.
module_build() {
	local out=$LAB_TREE/build/module/$K_NAME lock

	mkdir -p "$out" || die "cannot create $out"
	exec {lock}>"$out/.lock"
	flock "$lock"
	if ! make -s -C "$LAB_TREE" module KERNEL_DIR="$K_KDIR" MODULE_OUT="$out" \
		ARCH="$K_ARCH" >"$out/log" 2>&1; then
		cat "$out/log" >&2
		die "adit.ko does not build for $K_NAME (--no-module goes without it)"
	fi
	[ -f "$out/adit.ko" ] ||
		die "'make module' succeeds and makes no adit.ko (--no-module goes without it)"
	exec {lock}>&-
	export ADIT_KO=$out/adit.ko
}
