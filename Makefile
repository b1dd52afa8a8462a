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
UNITDIR	 ?= $(PREFIX)/lib/systemd/system
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
# kbuild writes nothing into it. ARCH, W, C and the like reach kbuild by themselves.
out	 = $(abspath $(MODULE_OUT))
kbuild	 = $(MAKE) -C $(KERNEL_DIR) M=$(out) V=$(V)
modsrc	:= Kbuild kmod/Kbuild $(wildcard kmod/*.[ch] kmod/*/*.[ch])

.PHONY: module module-dir
module: module-dir
	$(if $(KERNEL_DIR),,$(error no kernel headers found: set KERNEL_DIR))
	$(Q)+$(kbuild) modules
	$(Q)if [ -e $(out)/kmod/adit.ko ]; then \
		cp -p $(out)/kmod/adit.ko $(out)/adit.ko; fi

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

.PHONY: demo
demo:
	$(Q)$(DEPS)
	$(Q)HOST='$(HOST)' scripts/demo

.PHONY: format
format:
	$(Q)scripts/check-style --fix

put	 = install -D -m $(1) $(2) $(DESTDIR)$(3)/$(notdir $(2))
man	:= $(wildcard ctld/man/*.[1-9])

.PHONY: install
install: all
	$(Q)$(call put,755,$(BUILD)/aditd,$(SBINDIR))
	$(Q)$(call put,755,$(BUILD)/adit,$(SBINDIR))
	$(Q)$(foreach f,$(man),$(call put,644,$(f),$(MANDIR)/man$(subst .,,$(suffix $(f)))) &&) :
	$(Q)$(foreach f,$(wildcard ctld/completion/*),$(call put,644,$(f),$(COMPDIR)) &&) :
	$(Q)$(foreach f,$(wildcard ctld/systemd/*),$(call put,644,$(f),$(UNITDIR)) &&) :
	$(Q)for f in ctld/etc/*; do \
		dst=$(DESTDIR)$(SYSCONFDIR)/adit/$${f##*/}; \
		[ ! -f $$f ] || [ -e $$dst ] || install -D -m 640 $$f $$dst; done
	$(Q)+$(kbuild) INSTALL_MOD_PATH=$(DESTDIR) CONFIG_MODULE_SIG_ALL= \
		modules_install
	$(Q)[ -n "$(DESTDIR)" ] || depmod -a \
		"$$(cat $(KERNEL_DIR)/include/config/kernel.release)"

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
	@echo '  check       lint, unit, system and interoperation tests'
	@echo '  check-long  check, and the tests that take long'
	@echo '  bench       the module'"'"'s figures beside their targets, in a lab kernel'
	@echo '  lint        layers, headers, style, sparse'
	@echo '  unit        unit tests, with sanitizers'
	@echo '  format      clang-format every C file in place'
	@echo '  install     programs, manuals, examples, units, module'
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
	@echo '  HOST=1      demo: on this machine instead of in a lab kernel'
	@echo '  KEYS=...    bench: only these figures (scripts/bench -l lists them)'
	@echo '  DEPS=:      check, lint, unit, demo, bench: do not install packages'
	@echo '  DESTDIR     prepended to every path of install'
	@echo '  PREFIX      [/usr/local]'
	@echo '  SBINDIR     [PREFIX/sbin]'
	@echo '  MANDIR      [PREFIX/share/man]'
	@echo '  COMPDIR     [PREFIX/share/bash-completion/completions]'
	@echo '  UNITDIR     [PREFIX/lib/systemd/system]'
	@echo '  SYSCONFDIR  [/etc]'
