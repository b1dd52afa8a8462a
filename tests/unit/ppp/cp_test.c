// SPDX-License-Identifier: GPL-2.0-or-later
/* The automaton of RFC 1661 4.1, cell by cell, and its timer and counters. */
#include "ppp/cp_rx.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
/* after what it needs */
#include <cmocka.h>

#define GOOD 1 /* an option that the test's protocol takes */
#define NOW SECONDS(1000)
#define RESTARTS 77

/* The table as the RFC prints it, columns 0 to 9; "-" cannot happen. */
static const char *const rfc[CP_NEVENTS][CP_NSTATES] = {
	[CP_UP] = { "2", "irc,scr/6", "-", "-", "-", "-", "-", "-", "-", "-" },
	[CP_DOWN] = { "-", "-", "0", "tls/1", "0", "1", "1", "1", "1",
		      "tld/1" },
	[CP_OPEN] = { "tls/1", "1", "irc,scr/6", "3", "5", "5", "6", "7", "8",
		      "9" },
	[CP_CLOSE] = { "0", "tlf/0", "2", "2", "4", "4", "irc,str/4",
		       "irc,str/4", "irc,str/4", "tld,irc,str/4" },
	[CP_TO_PLUS] = { "-", "-", "-", "-", "str/4", "str/5", "scr/6", "scr/6",
			 "scr/8", "-" },
	[CP_TO_MINUS] = { "-", "-", "-", "-", "tlf/2", "tlf/3", "tlf/3",
			  "tlf/3", "tlf/3", "-" },
	[CP_RCR_PLUS] = { "-", "-", "sta/2", "irc,scr,sca/8", "4", "5", "sca/8",
			  "sca,tlu/9", "sca/8", "tld,scr,sca/8" },
	[CP_RCR_MINUS] = { "-", "-", "sta/2", "irc,scr,scn/6", "4", "5",
			   "scn/6", "scn/7", "scn/6", "tld,scr,scn/6" },
	[CP_RCA] = { "-", "-", "sta/2", "sta/3", "4", "5", "irc/7", "scr/6",
		     "irc,tlu/9", "tld,scr/6" },
	[CP_RCN] = { "-", "-", "sta/2", "sta/3", "4", "5", "irc,scr/6", "scr/6",
		     "irc,scr/8", "tld,scr/6" },
	[CP_RTR] = { "-", "-", "sta/2", "sta/3", "sta/4", "sta/5", "sta/6",
		     "sta/6", "sta/6", "tld,zrc,sta/5" },
	[CP_RTA] = { "-", "-", "2", "3", "tlf/2", "tlf/3", "6", "6", "8",
		     "tld,scr/6" },
	[CP_RUC] = { "-", "-", "scj/2", "scj/3", "scj/4", "scj/5", "scj/6",
		     "scj/7", "scj/8", "scj/9" },
	[CP_RXJ_PLUS] = { "-", "-", "2", "3", "4", "5", "6", "6", "8", "9" },
	[CP_RXJ_MINUS] = { "-", "-", "tlf/2", "tlf/3", "tlf/2", "tlf/3",
			   "tlf/3", "tlf/3", "tlf/3", "tld,irc,str/5" },
	[CP_RXR] = { "-", "-", "2", "3", "4", "5", "6", "7", "8", "ser/9" },
};

static char seen[256];
static unsigned int n_sent;
static uint8_t last_code, last_id;

static void see(const char *what)
{
	if (*seen)
		strcat(seen, ",");
	strcat(seen, what);
}

static void on_send(struct cp *c, const void *frame, size_t len)
{
	static const char *const name[] = { "?",   "scr", "sca", "scn", "scn",
					    "str", "sta", "scj", "ser" };
	const uint8_t *b = frame;

	assert_true(len >= 6);
	assert_int_equal(b[0] << 8 | b[1], c->proto->number);
	assert_int_equal(b[4] << 8 | b[5], len - 2);
	last_code = b[2];
	last_id = b[3];
	n_sent++;
	if (strlen(seen) < 200)
		see(last_code <= 7 ? name[last_code] : name[8]);
}

static void on_up(struct cp *c, msec_t now)
{
	(void)c, (void)now, see("tlu");
}

static void on_down(struct cp *c, msec_t now)
{
	(void)c, (void)now, see("tld");
}

static void on_started(struct cp *c, msec_t now)
{
	(void)c, (void)now, see("tls");
}

static void on_finished(struct cp *c, msec_t now)
{
	(void)c, (void)now, see("tlf");
}

static void on_hopeless(struct cp *c, msec_t now)
{
	see("hopeless");
	cp_event(c, now, CP_CLOSE);
}

static const struct cp_owner owner = { .send = on_send,
				       .up = on_up,
				       .down = on_down,
				       .started = on_started,
				       .finished = on_finished,
				       .hopeless = on_hopeless };

static bool ask(struct cp *c, const struct cp_option *o, struct wr *w)
{
	(void)c, (void)o;
	wr_u8(w, 7);
	return true;
}

/* 7 is right. */
static enum cp_verdict check(struct cp *c, const struct cp_option *o,
			     struct rd *value, struct wr *better)
{
	(void)c, (void)o;
	if (rd_u8(value) == 7)
		return CP_ACK;
	wr_u8(better, 7);
	return CP_NAK;
}

static bool refused(struct cp *c, const struct cp_option *o, struct rd *value)
{
	(void)c, (void)o;
	return value;
}

static const struct cp_option opts[] = {
	{ .number = GOOD,
	  .name = "good",
	  .len_min = 1,
	  .len_max = 1,
	  .ask = ask,
	  .check = check,
	  .refused = refused },
};

static void nothing(struct cp *c)
{
	(void)c;
}

static void reply(struct cp *c, const struct cp_packet *p)
{
	cp_send(c, 10, p->id, NULL, 0);
}

static const struct cp_proto proto = { .number = 0xc021,
				       .options = opts,
				       .n_options = 1,
				       .reset = nothing,
				       .begin = nothing,
				       .take = nothing,
				       .reply = reply };

static void input(struct cp *c, const char *bytes, size_t len)
{
	assert_int_equal(cp_input(c, NOW, bytes, len), PPP_RX_OK);
}

#define INPUT(c, bytes) input(c, bytes, sizeof(bytes) - 1)

/* Makes the event happen, by a packet where a packet can. */
static void make_event(struct cp *c, enum cp_event e)
{
	static const uint8_t raw[] = { 42, 9, 0, 4 };
	struct cp_packet p = { 42, 9, raw + 4, 0 };

	switch (e) {
	case CP_RCR_PLUS:
		INPUT(c, "\x01\x09\x00\x07\x01\x03\x07");
		break;
	case CP_RCR_MINUS:
		INPUT(c, "\x01\x09\x00\x07\x01\x03\x08");
		break;
	case CP_RTR:
		INPUT(c, "\x05\x09\x00\x04");
		break;
	case CP_RTA:
		INPUT(c, "\x06\x09\x00\x04");
		break;
	case CP_RUC:
		INPUT(c, "\x2a\x09\x00\x04");
		break;
	case CP_RXJ_PLUS:
		INPUT(c, "\x07\x09\x00\x08\x09\x01\x00\x04");
		break;
	case CP_RXJ_MINUS:
		INPUT(c, "\x07\x09\x00\x08\x01\x01\x00\x04");
		break;
	case CP_RCA:
	case CP_RCN:
	case CP_RXR:
		cp_packet_event(c, NOW, e, &p);
		break;
	default:
		cp_event(c, NOW, e);
	}
}

static bool has(const char *list, const char *word)
{
	return strstr(list, word);
}

/* The restart counter that the cell must leave. */
static int want_restarts(enum cp_state s, const char *cell)
{
	int n = RESTARTS;

	if (has(cell, "irc"))
		n = has(cell, "str") ? CP_MAX_TERMINATE : CP_MAX_CONFIGURE;
	else if (has(cell, "zrc"))
		n = 0;
	else if (has(cell, "scr") && s == CP_OPENED)
		n = CP_MAX_CONFIGURE; /* it was filled when it opened */
	return n - (has(cell, "scr") || has(cell, "str"));
}

/* The actions without irc and zrc, which are seen in the counter. */
static void strip(const char *cell, char *out)
{
	char copy[64], *save = NULL;

	snprintf(copy, sizeof(copy), "%s", strchr(cell, '/') ? cell : "");
	if (strchr(copy, '/'))
		*strchr(copy, '/') = '\0';
	*out = '\0';
	for (char *w = strtok_r(copy, ",", &save); w;
	     w = strtok_r(NULL, ",", &save)) {
		if (!strcmp(w, "irc") || !strcmp(w, "zrc"))
			continue;
		if (*out)
			strcat(out, ",");
		strcat(out, w);
	}
}

static void test_cell(enum cp_event e, enum cp_state s)
{
	const char *cell = rfc[e][s];
	const char *next = strchr(cell, '/') ? strchr(cell, '/') + 1 : cell;
	char actions[64];
	struct cp c;

	cp_init(&c, &proto, &owner);
	c.state = s;
	c.restarts = RESTARTS;
	*seen = '\0';
	if (*cell == '-') {
		cp_event(&c, NOW, e);
		assert_int_equal(c.state, s);
		assert_string_equal(seen, "");
		return;
	}
	make_event(&c, e);
	strip(cell, actions);
	if (strcmp(seen, actions) || c.state != (enum cp_state)(*next - '0'))
		fail_msg("event %d in %s: %s/%d, not %s", e, cp_state_name(s),
			 seen, c.state, cell);
	assert_int_equal(c.restarts, want_restarts(s, cell));
	assert_int_equal(c.restart_at != MSEC_NEVER,
			 c.state >= CP_CLOSING && c.state <= CP_ACK_SENT);
	if (has(cell, "scr") || has(cell, "str") || has(cell, "zrc"))
		assert_int_equal(c.restart_at, NOW + CP_RESTART);
}

static void every_cell(void **state)
{
	(void)state;
	for (int e = 0; e < CP_NEVENTS; e++) {
		for (int s = 0; s < CP_NSTATES; s++)
			test_cell(e, s);
	}
}

static void open_it(struct cp *c)
{
	cp_init(c, &proto, &owner);
	*seen = '\0';
	n_sent = 0;
	cp_event(c, NOW, CP_OPEN);
	cp_event(c, NOW, CP_UP);
}

static void ten_requests_then_the_end(void **state)
{
	struct cp c;
	msec_t t = NOW;
	uint8_t id;

	(void)state;
	open_it(&c);
	id = last_id;
	for (int i = 2; i <= 10; i++) {
		t += CP_RESTART;
		cp_tick(&c, t - 1);
		assert_int_equal(n_sent, i - 1);
		cp_tick(&c, t);
		assert_int_equal(n_sent, i);
		assert_int_equal(last_id, id);
	}
	cp_tick(&c, t + CP_RESTART);
	assert_int_equal(n_sent, 10);
	assert_int_equal(c.state, CP_STOPPED);
	assert_int_equal(c.why, CP_WHY_TIMEOUT);
	assert_true(has(seen, "tlf"));
}

/* A Code-Reject while our request is under way leaves its answer an answer. */
static void ack_after_code_reject(void **state)
{
	uint8_t ack[] = { CP_CONFIGURE_ACK, 0, 0, 7, GOOD, 3, 7 };
	uint8_t first;
	struct cp c;

	(void)state;
	open_it(&c);
	ack[1] = last_id;
	INPUT(&c, "\x2a\x09\x00\x04");
	assert_int_equal(last_code, CP_CODE_REJECT);
	first = last_id;
	INPUT(&c, "\x2a\x0a\x00\x04");
	assert_int_not_equal(last_id, first); /* RFC 1661 5.6 */
	input(&c, (const char *)ack, sizeof(ack));
	assert_int_equal(c.state, CP_ACK_RCVD);
}

/* RFC 1661 5.1: what was answered is not asked again under that identifier. */
static void request_after_its_ack(void **state)
{
	uint8_t ack[] = { CP_CONFIGURE_ACK, 0, 0, 7, GOOD, 3, 7 };
	struct cp c;

	(void)state;
	open_it(&c);
	for (int i = 0; i < 2; i++) {
		uint8_t id = last_id;

		ack[1] = id;
		input(&c, (const char *)ack, sizeof(ack));
		assert_int_equal(c.state, CP_ACK_RCVD);
		cp_tick(&c, c.restart_at);
		assert_int_equal(c.state, CP_REQ_SENT);
		assert_int_equal(last_code, CP_CONFIGURE_REQUEST);
		assert_int_not_equal(last_id, id);
		/* A copy of that Ack is late. */
		assert_int_equal(cp_input(&c, NOW, ack, 7), PPP_RX_STRAY);
		id = last_id;
		cp_tick(&c, c.restart_at); /* this one has no answer yet */
		assert_int_equal(last_id, id);
	}
}

static void two_terminate_requests(void **state)
{
	struct cp c;

	(void)state;
	open_it(&c);
	cp_event(&c, NOW, CP_CLOSE);
	cp_tick(&c, NOW + CP_RESTART);
	assert_int_equal(n_sent, 3);
	assert_int_equal(last_code, CP_TERMINATE_REQUEST);
	cp_tick(&c, NOW + 2 * CP_RESTART);
	assert_int_equal(n_sent, 3);
	assert_int_equal(c.state, CP_CLOSED);
}

static void naks_become_rejects(void **state)
{
	struct cp c;

	(void)state;
	open_it(&c);
	for (int i = 0; i < CP_MAX_FAILURE; i++) {
		make_event(&c, CP_RCR_MINUS);
		assert_int_equal(last_code, CP_CONFIGURE_NAK);
	}
	make_event(&c, CP_RCR_MINUS);
	assert_int_equal(last_code, CP_CONFIGURE_REJECT);
	make_event(&c, CP_RCR_PLUS);
	make_event(&c, CP_RCR_MINUS);
	assert_int_equal(last_code, CP_CONFIGURE_NAK);
}

static void answers_must_fit_the_request(void **state)
{
	uint8_t ack[] = { 2, 0, 0, 7, 1, 3, 7 };
	uint8_t rej[] = { 4, 0, 0, 7, 1, 3, 8 };
	struct cp c;

	(void)state;
	open_it(&c);
	ack[1] = last_id + 1;
	assert_int_equal(cp_input(&c, NOW, ack, 7), PPP_RX_STRAY);
	ack[1] = last_id;
	ack[6] = 8;
	assert_int_equal(cp_input(&c, NOW, ack, 7), PPP_RX_STRAY);
	rej[1] = last_id;
	assert_int_equal(cp_input(&c, NOW, rej, 7), PPP_RX_STRAY);
	ack[6] = 7;
	assert_int_equal(cp_input(&c, NOW, ack, 7), PPP_RX_OK);
	assert_int_equal(c.state, CP_ACK_RCVD);
	/* A second Ack, of a retransmission, does no harm. */
	assert_int_equal(cp_input(&c, NOW, ack, 7), PPP_RX_STRAY);
	assert_int_equal(c.state, CP_ACK_RCVD);
	make_event(&c, CP_RCR_PLUS);
	assert_int_equal(c.state, CP_OPENED);
	assert_int_equal(cp_input(&c, NOW, ack, 7), PPP_RX_STRAY);
	assert_int_equal(c.state, CP_OPENED);
}

static void endless_naks_are_hopeless(void **state)
{
	uint8_t nak[] = { 3, 0, 0, 7, 1, 3, 9 };
	struct cp c;
	int i;

	(void)state;
	open_it(&c);
	for (i = 0; i < 100 && c.state == CP_REQ_SENT; i++) {
		nak[1] = last_id;
		assert_int_equal(cp_input(&c, NOW, nak, 7), PPP_RX_OK);
	}
	assert_int_equal(i, CP_MAX_REFUSALS + 1);
	assert_int_equal(c.state, CP_CLOSING);
	assert_true(has(seen, "hopeless"));
}

static void unknown_twice_and_short_options(void **state)
{
	struct cp c;

	(void)state;
	open_it(&c);
	INPUT(&c, "\x01\x01\x00\x0a\x01\x03\x07\x01\x03\x07");
	assert_int_equal(last_code, CP_CONFIGURE_REJECT);
	INPUT(&c, "\x01\x02\x00\x06\x63\x02");
	assert_int_equal(last_code, CP_CONFIGURE_REJECT);
	INPUT(&c, "\x01\x03\x00\x06\x01\x02"); /* wrong length: Nak */
	assert_int_equal(last_code, CP_CONFIGURE_NAK);
	INPUT(&c, "\x01\x04\x00\x04");
	assert_int_equal(last_code, CP_CONFIGURE_ACK);
	assert_int_equal(cp_input(&c, NOW, "\x01\x05\x00\x05\x01", 5),
			 PPP_RX_MALFORMED);
	assert_int_equal(cp_input(&c, NOW, "\x01\x05\x00\x06\x01\x01", 6),
			 PPP_RX_MALFORMED);
	assert_int_equal(cp_input(&c, NOW, "\x01\x05\x00\x03", 4),
			 PPP_RX_MALFORMED);
	assert_int_equal(cp_input(&c, NOW, "\x01\x05\x00\x05", 4),
			 PPP_RX_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cell),
		cmocka_unit_test(ten_requests_then_the_end),
		cmocka_unit_test(ack_after_code_reject),
		cmocka_unit_test(request_after_its_ack),
		cmocka_unit_test(two_terminate_requests),
		cmocka_unit_test(naks_become_rejects),
		cmocka_unit_test(answers_must_fit_the_request),
		cmocka_unit_test(endless_naks_are_hopeless),
		cmocka_unit_test(unknown_twice_and_short_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
