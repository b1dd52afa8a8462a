# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# PostgreSQL for tests that then ask a FreeRADIUS with ctld/etc/scale-out's
# configuration. Nothing in it need survive the machine. They start it themselves, each in
# its way: "${POSTGRES[@]}".

SCALE=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../ctld/etc/scale-out
PG=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)

# It refuses to run as root.
AS_POSTGRES=(setpriv --reuid postgres --regid postgres --clear-groups)

# postgres_init: a cluster in $WORK/db; sets POSTGRES.
postgres_init() {
	local option

	chmod 711 "$WORK"
	install -d -o postgres -g postgres -m 700 "$WORK/db"
	(cd / && "${AS_POSTGRES[@]}" "$PG/initdb" -D "$WORK/db" -N -E UTF8 \
		--locale C --auth-local trust --auth-host scram-sha-256 \
		--no-instructions) >"$WORK/initdb.log" 2>&1 ||
		fail "no database"
	POSTGRES=("${AS_POSTGRES[@]}" "$PG/postgres" -D "$WORK/db")
	for option in listen_addresses=127.0.0.1 unix_socket_directories="$WORK/db" \
		fsync=off full_page_writes=off synchronous_commit=off \
		wal_level=minimal max_wal_senders=0 shared_buffers=4MB \
		max_connections=20 autovacuum=off \
		dynamic_shared_memory_type=mmap; do
		POSTGRES+=(-c "$option")
	done
}

postgres_ready() {
	"$PG/pg_isready" -q -h "$WORK/db" -U postgres
}

# psql_as_owner DATABASE ARG...
psql_as_owner() {
	"$PG/psql" -h "$WORK/db" -U postgres -v ON_ERROR_STOP=1 -qtA "${@:2}" "$1"
}

# When it is ready: the tables, the pool, the users of the example.
postgres_fill() {
	psql_as_owner postgres -c 'CREATE DATABASE radius'
	psql_as_owner radius -f "$SCALE/database.sql"
}

# sql STATEMENT [ARG...]: a line for each row.
sql() {
	psql_as_owner radius -F ' ' -c "$@"
}

# shared_radius DIRECTORY: FreeRADIUS's configuration there.
shared_radius() {
	mkdir "$1"
	cp "$SCALE/steering" "$1"
	sed "s|^\(logdir\|run_dir\) = .*|\1 = $1|" "$SCALE/radiusd.conf" \
		>"$1/radiusd.conf"
}
