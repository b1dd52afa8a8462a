# SPDX-License-Identifier: GPL-2.0-or-later
#
# adit: "make help" lists targets and variables.
#
# Nothing here needs more than make and a shell to be read; what a target needs
# beyond that, scripts/deps installs. Output goes to build/ only.

V	 ?= 0
BUILD	 := build
DEPS	 ?= scripts/deps
ONLY	 ?=
HOST	 ?=
KEYS	 ?=

PREFIX	 ?= /usr/local
SBINDIR	 ?= $(PREFIX)/sbin
MANDIR	 ?= $(PREFIX)/share/man
COMPDIR	 ?= $(PREFIX)/share/bash-completion/completions
DATADIR	 ?= $(PREFIX)/share/adit
UNITDIR	 ?= $(PREFIX)/lib/systemd/system
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d
MODLOADDIR ?= $(PREFIX)/lib/modules-load.d
SYSCONFDIR ?= /etc
DESTDIR	 ?=

# The running kernel's headers; elsewhere the newest ones of Debian, where its own
# release goes before a backported one.
running	 := $(wildcard /lib/modules/$(shell uname -r)/build)
newest	  = $(shell ls -d /usr/src/linux-headers-$(1)-amd64 2>/dev/null | \
		    grep -v -e cloud -e rt- | sort -V | tail -n 1)
KERNEL_DIR ?= $(or $(running),$(call newest,6.1.*),$(call newest,*))
MODULE_OUT ?= $(BUILD)/module/host

Q	:= $(if $(filter 1,$(V)),,@)
MAKEFLAGS += --no-print-directory

user	:= $(MAKE) -f ctld/Makefile BUILD=$(BUILD) V=$(V)

.PHONY: all
all: module programs

# One make for both: they share objects.
.PHONY: programs daemon tool
programs:
	$(Q)+$(user) daemon tool
daemon tool:
	$(Q)+$(user) $@

# The module is built in $(MODULE_OUT), which holds the top-level Kbuild and
# links to the sources, so that several kernels can be served from one tree and
# kbuild writes nothing into it. Guests may be loading adit.ko meanwhile: it is replaced
# as a whole, and only by another. ARCH, W, C and the like reach kbuild by themselves.
out	 = $(abspath $(MODULE_OUT))
kbuild	 = $(MAKE) -C $(KERNEL_DIR) M=$(out) V=$(V)
modsrc	:= Kbuild kmod/Kbuild $(wildcard kmod/*.[ch] kmod/*/*.[ch])

.PHONY: module module-dir
module: module-dir
	$(if $(KERNEL_DIR),,$(error no kernel headers found: set KERNEL_DIR))
	$(Q)+$(kbuild) modules
	$(Q)if [ -e $(out)/kmod/adit.ko ] && \
	    ! cmp -s $(out)/kmod/adit.ko $(out)/adit.ko; then \
		cp -p $(out)/kmod/adit.ko $(out)/adit.ko.new && \
		mv $(out)/adit.ko.new $(out)/adit.ko; fi

module-dir:
	$(Q)mkdir -p $(sort $(addprefix $(out)/,$(dir $(modsrc))))
	$(Q)find $(out) -xtype l -delete
	$(Q)ln -sfn $(CURDIR)/include $(out)/include
	$(Q)$(foreach f,$(modsrc),ln -sf $(CURDIR)/$(f) $(out)/$(f);)

# For scripts.
.PHONY: print-kernel-dir
print-kernel-dir:
	@echo $(KERNEL_DIR)

.PHONY: check check-long lint unit
check-long: DEPS += --long
check check-long lint unit:
	$(Q)$(DEPS)
	$(Q)ONLY='$(ONLY)' scripts/check-all $@

.PHONY: bench
bench:
	$(Q)$(DEPS)
	$(Q)scripts/bench $(KEYS)

.PHONY: demo demo-scale
demo:
	$(Q)$(DEPS)
	$(Q)HOST='$(HOST)' scripts/demo
demo-scale:
	$(Q)$(DEPS)
	$(Q)HOST='$(HOST)' scripts/demo scale-out

.PHONY: format
format:
	$(Q)scripts/check-style --fix

put	 = install -D -m $(1) $(2) $(DESTDIR)$(3)/$(notdir $(2))
put_as	 = install -D -m 644 $(1) $(DESTDIR)$(2)
man	:= $(wildcard ctld/man/*.[1-9])
etc	 = $(DESTDIR)$(SYSCONFDIR)/adit

.PHONY: install install-programs install-module install-dkms
install: all
	$(Q)+$(MAKE) install-programs
	$(Q)+$(MAKE) install-module

install-programs: programs
	$(Q)$(call put,755,$(BUILD)/aditd,$(SBINDIR))
	$(Q)$(call put,755,$(BUILD)/adit,$(SBINDIR))
	$(Q)$(foreach f,$(man),$(call put,644,$(f),$(MANDIR)/man$(subst .,,$(suffix $(f)))) &&) :
	$(Q)$(foreach f,$(wildcard ctld/completion/*),$(call put,644,$(f),$(COMPDIR)) &&) :
	$(Q)$(foreach f,$(wildcard ctld/share/radius/*),$(call put,644,$(f),$(DATADIR)/radius) &&) :
	$(Q)sed 's|@SBINDIR@|$(SBINDIR)|; s|@SYSCONFDIR@|$(SYSCONFDIR)|' \
		ctld/systemd/aditd.service.in >$(BUILD)/aditd.service
	$(Q)$(call put,644,$(BUILD)/aditd.service,$(UNITDIR))
	$(Q)$(call put_as,ctld/systemd/adit.sysusers,$(SYSUSERSDIR)/adit.conf)
	$(Q)$(call put_as,ctld/systemd/adit.modules-load,$(MODLOADDIR)/adit.conf)
	$(Q)[ -n "$(DESTDIR)" ] || ! command -v systemd-sysusers >/dev/null || \
		systemd-sysusers $(SYSUSERSDIR)/adit.conf
	$(Q)for f in ctld/etc/* ctld/etc/scale-out/*; do \
		dst=$(etc)/$${f#ctld/etc/}; \
		[ ! -f $$f ] || [ -e $$dst ] || install -D -m 640 $$f $$dst; done
# The daemon is no root, and reads it: what is put there becomes its group's.
	$(Q)chmod 2750 $(etc) $(etc)/scale-out
	$(Q)[ -n "$(DESTDIR)" ] || ! getent group adit >/dev/null || \
		find $(etc) -group 0 -exec chgrp -h adit {} +
# Before, it was root's alone, mode 0600, and given to the daemon as a credential.
	$(Q)[ -n "$(DESTDIR)" ] || ! getent group adit >/dev/null || \
		find $(etc) -type f -group adit -perm 0600 -exec chmod g+r {} +

install-module: module
	$(Q)+$(kbuild) INSTALL_MOD_PATH=$(DESTDIR) CONFIG_MODULE_SIG_ALL= \
		modules_install
	$(Q)[ -n "$(DESTDIR)" ] || depmod -a \
		"$$(cat $(KERNEL_DIR)/include/config/kernel.release)"

# In the place of install-module: then "dkms install adit/0.1".
dkms	 = $(DESTDIR)/usr/src/adit-$(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' scripts/dkms.conf)
install-dkms:
	$(Q)rm -rf $(dkms)
	$(Q)mkdir -p $(dkms)
	$(Q)cp -r Makefile Kbuild kmod include scripts/dkms.conf $(dkms)

.PHONY: clean
clean:
	$(Q)rm -rf $(BUILD)

.PHONY: help
help:
	@echo 'Targets:'
	@echo '  all         module, daemon, tool (default)'
	@echo '  module      adit.ko in MODULE_OUT'
	@echo '  daemon      build/aditd'
	@echo '  tool        build/adit'
	@echo '  demo        two subscribers through a LAC and an LNS in a lab kernel'
	@echo '  demo-scale  two LACs, three LNSs, RADIUS, BIRD; one LNS dies'
	@echo '  check       lint, unit, system and interoperation tests'
	@echo '  check-long  check, and the tests that take long'
	@echo '  bench       figures of module and daemon beside their targets'
	@echo '  lint        layers, headers, style, sparse'
	@echo '  unit        unit tests, with sanitizers'
	@echo '  format      clang-format every C file in place'
	@echo '  install     all of that, and user adit: install-programs, install-module'
	@echo '  install-dkms  sources of the module for dkms, which builds for each kernel'
	@echo '  clean       remove build/'
	@echo ''
	@echo 'Variables:'
	@echo '  V=1         show commands'
	@echo '  KERNEL_DIR  kernel build tree or headers [running kernel, else newest]'
	@echo '  MODULE_OUT  where to build the module [build/module/host]'
	@echo '  ARCH W C    as in kbuild: ARCH=um; W=1 more warnings; C=2 sparse'
	@echo '  CC AR CFLAGS CPPFLAGS LDFLAGS PKG_CONFIG  as usual, for user space'
	@echo '  WERROR=     do not turn warnings into errors'
	@echo '  SANITIZE    e.g. -fsanitize=address,undefined, for daemon and tool'
	@echo '  ONLY=GLOB   check: only tests whose name matches'
	@echo '  HOST=1      demos: on this machine instead of in a lab kernel'
	@echo '  KEYS=...    bench: only these figures (scripts/bench -l lists them)'
	@echo '  DEPS=:      check, lint, unit, demos, bench: do not install packages'
	@echo '  DESTDIR     prepended to every path of install'
	@echo '  PREFIX      [/usr/local]'
	@echo '  SBINDIR     [PREFIX/sbin]'
	@echo '  MANDIR      [PREFIX/share/man]'
	@echo '  COMPDIR     [PREFIX/share/bash-completion/completions]'
	@echo '  DATADIR     [PREFIX/share/adit]'
	@echo '  UNITDIR     [PREFIX/lib/systemd/system]'
	@echo '  SYSUSERSDIR MODLOADDIR  [PREFIX/lib/sysusers.d, PREFIX/lib/modules-load.d]'
	@echo '  SYSCONFDIR  [/etc]'
