# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# FreeRADIUS, an independent RADIUS server, for tests; they start it themselves, each in its way:
#	freeradius -f -l stdout -d DIRECTORY -n radiusd

# radius_conf DIRECTORY SECRET: for any client, on any address; users are those of
# DIRECTORY/users, what it is told of them goes to DIRECTORY/detail. Its replies have a Message-Authenticator, which Debian's
# version does not see to by itself.
radius_conf() {
	cat >"$1/radiusd.conf" <<-CONF
		prefix = /usr
		libdir = /usr/lib/freeradius
		logdir = $1
		run_dir = $1
		name = radiusd
		security {
			reject_delay = 0
			status_server = yes
		}
		modules {
			pap {
			}
			chap {
			}
			mschap {
			}
			files {
				usersfile = $1/users
			}
			detail {
				filename = $1/detail
			}
		}
		client any {
			ipaddr = 0.0.0.0/0
			secret = $2
			require_message_authenticator = yes
		}
		server default {
			listen {
				type = auth
				ipaddr = *
				port = 1812
			}
			listen {
				type = acct
				ipaddr = *
				port = 1813
			}
			accounting {
				detail
			}
			authorize {
				chap
				mschap
				files
				pap
			}
			authenticate {
				Auth-Type PAP {
					pap
				}
				Auth-Type CHAP {
					chap
				}
				Auth-Type MS-CHAP {
					mschap
				}
			}
			post-auth {
				update reply {
					Message-Authenticator = 0x00
				}
				Post-Auth-Type REJECT {
					update reply {
						Message-Authenticator = 0x00
					}
				}
			}
		}
	CONF
}
