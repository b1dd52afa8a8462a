// SPDX-License-Identifier: GPL-2.0-or-later
/* Text and JSON from the same calls; what strangers wrote is harmless in both. */
#include "cli/out.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *buf;
static size_t size;
static struct out o;

static void begin(bool json)
{
	memset(&o, 0, sizeof(o));
	o.json = json;
	o.f = open_memstream(&buf, &size);
}

static void expect(const char *text)
{
	out_end(&o);
	fclose(o.f);
	assert_string_equal(buf, text);
	free(buf);
}

static void object(void)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 0xff };
	struct addr a;

	addr_parse("2001:db8::1", &a);
	out_object(&o);
	out_field(&o, "tunnel_id", "session ", out_u64(17));
	out_field(&o, "session_id", "/", out_u64(4242));
	out_field(&o, "hidden", NULL, out_hex(0xabc));
	out_field(&o, NULL, " text", out_word(""));
	out_nest(&o, "nest");
	out_line(&o);
	out_field(&o, "on", "on ", out_bool(true));
	out_list(&o, "list");
	out_field(&o, NULL, " a ", out_addr(&a));
	out_field(&o, NULL, " m ", out_mac(mac));
	out_list_end(&o);
	out_nest_end(&o);
	out_object_end(&o);
}

static void text(void **state)
{
	(void)state;
	begin(false);
	object();
	expect("session 17/4242 text\n    on on a 2001:db8::1 "
	       "m 02:00:00:00:00:ff\n");
	begin(false);
	o.oneline = true;
	object();
	expect("session 17/4242 text\\    on on a 2001:db8::1 "
	       "m 02:00:00:00:00:ff\n");
}

#define OBJECT                                                 \
	"{\"tunnel_id\":17,\"session_id\":4242,"               \
	"\"hidden\":\"0xabc\",\"nest\":{\"on\":true,\"list\":" \
	"[\"2001:db8::1\",\"02:00:00:00:00:ff\"]}}"

static void json(void **state)
{
	(void)state;
	begin(true);
	out_array(&o);
	expect("[]\n");
	begin(true);
	object();
	object();
	expect("[" OBJECT "," OBJECT "]\n");
	begin(true);
	o.lines = true;
	object();
	object();
	expect(OBJECT "\n" OBJECT "\n");
	begin(true);
	expect("");
}

static void pretty(void **state)
{
	(void)state;
	begin(true);
	o.pretty = true;
	out_object(&o);
	out_field(&o, "a", NULL, out_u64(1));
	out_list(&o, "b");
	out_list_end(&o);
	out_object_end(&o);
	expect("[\n    {\n        \"a\": 1,\n        \"b\": []\n    }\n]\n");
}

static void escapes(const char *in, size_t len, const char *in_json,
		    const char *in_text)
{
	char want[256];

	begin(true);
	out_object(&o);
	out_field(&o, "u", "", out_text(in, len));
	out_object_end(&o);
	snprintf(want, sizeof(want), "[{\"u\":\"%s\"}]\n", in_json);
	expect(want);
	begin(false);
	out_field(&o, "u", "", out_text(in, len));
	expect(in_text);
}

static void strangers(void **state)
{
	(void)state;
	escapes("a\"b\\c", 5, "a\\\"b\\\\c", "a\"b\\c");
	escapes("\033[2J\n\0x", 7, "\\u001b[2J\\u000a\\u0000x", "?[2J??x");
	escapes("\x7f\xc2\x9b", 3, "\\u007f\\u009b", "???");
	escapes("\xc3\xa9", 2, "\xc3\xa9", "??");
	escapes("\xf0\x9f\x98\x80", 4, "\xf0\x9f\x98\x80", "????");
	/* Not UTF-8: alone, cut, overlong, a surrogate, too large. */
	escapes("\xff", 1, "\\ufffd", "?");
	escapes("\xc3", 1, "\\ufffd", "?");
	escapes("\xe2\x82", 2, "\\ufffd\\ufffd", "??");
	escapes("\xe0\x80\x80", 3, "\\ufffd\\ufffd\\ufffd", "???");
	escapes("\xed\xa0\x80", 3, "\\ufffd\\ufffd\\ufffd", "???");
	escapes("\xf4\x90\x80\x80", 4, "\\ufffd\\ufffd\\ufffd\\ufffd", "????");
}

/* Whatever the bytes: printable, quotes closed. */
static void any_bytes(void **state)
{
	char in[64];
	int round;
	size_t i;

	(void)state;
	srandom(17);
	for (round = 0; round < 5000; round++) {
		size_t len = (size_t)random() % sizeof(in);

		for (i = 0; i < len; i++)
			in[i] = (char)random();
		begin(true);
		out_object(&o);
		out_field(&o, "u", "", out_text(in, len));
		out_object_end(&o);
		out_end(&o);
		fclose(o.f);
		assert_true(size > 10);
		for (i = 0; i + 1 < size; i++)
			assert_true((uint8_t)buf[i] >= 0x20 && buf[i] != 0x7f);
		for (i = 7; buf[i] != '"'; i += buf[i] == '\\' ? 2 : 1)
			assert_true(i < size);
		assert_string_equal(buf + i, "\"}]\n");
		free(buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text),	     cmocka_unit_test(json),
		cmocka_unit_test(pretty),    cmocka_unit_test(strangers),
		cmocka_unit_test(any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
