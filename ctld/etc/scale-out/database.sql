-- The database of the scale-out example, see adit-scale-out(7): Debian's tables for
-- FreeRADIUS, the pool that all LNSs share, and some users. As the database's owner:
--	psql -v ON_ERROR_STOP=1 -f database.sql radius

\set debian /etc/freeradius/3.0/mods-config/sql
\set main :debian /main/postgresql/schema.sql
\set ippool :debian /ippool/postgresql/schema.sql
\set procedure :debian /ippool/postgresql/procedure.sql
\i :main
\i :ippool
\i :procedure

-- 100.64.0.1 is the LNSs' own.
INSERT INTO radippool (pool_name, framedipaddress, expiry_time)
	SELECT 'homes', inet '100.64.0.1' + n, timestamp 'epoch'
	FROM generate_series(1, 1000) AS n;

INSERT INTO radcheck (username, attribute, op, value)
	SELECT 'home' || n || '@isp.example', 'Cleartext-Password', ':=', 'change me: home' || n
	FROM generate_series(1, 7) AS n;

-- FreeRADIUS.
CREATE ROLE radius LOGIN PASSWORD 'change me: database';
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO radius;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO radius;
