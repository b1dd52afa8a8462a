/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See user_limit.h. Called by bng/terminate and state/restore. */
#include "bng/user_limit.h"

#include "base/log.h"
#include "l2tp/msg.h"

#include <limits.h>
#include <string.h>

static void join(struct subscriber *s)
{
	char name[AAA_TEXT_MAX + 1];

	name_set(&s->box->let_in, &s->let_in, name,
		 subscriber_told_name(s, name));
	s->counts = true;
}

static bool came_before(const struct subscriber *a, const struct subscriber *b)
{
	return a->since != b->since ? a->since < b->since : a->id < b->id;
}

/* How many others of the name there are, up to max; *first: the one of them that came
 * first. They are in no order after a restart.
 */
static unsigned int others(const struct subscriber *s, unsigned int max,
			   struct subscriber **first)
{
	char name[AAA_TEXT_MAX + 1], other[AAA_TEXT_MAX + 1];
	size_t len = subscriber_told_name(s, name);
	struct name *begin = name_find(&s->box->let_in, name, len), *at;
	unsigned int n = 0;

	*first = NULL;
	for (at = begin; at && n < max;
	     at = at->next == begin ? NULL : at->next) {
		struct subscriber *o =
			container_of(at, struct subscriber, let_in);

		if (o == s || subscriber_told_name(o, other) != len ||
		    memcmp(name, other, len))
			continue;
		n++;
		if (!*first || came_before(o, *first))
			*first = o;
	}
	return n;
}

/* What it is granted counts more than its profile. 0: any number. */
static unsigned int limit_of(const struct subscriber *s)
{
	struct aaa_grant g;

	subscriber_grant(s, &g);
	return aaa_limit(g.port_limit, s->profile->sessions_per_user);
}

const char *user_limit_take(struct subscriber *s, msec_t now)
{
	unsigned int max = limit_of(s);
	unsigned int all = s->profile->replace_sessions ? UINT_MAX : max;
	char user[64], link[KERN_LINK_STRLEN];
	struct subscriber *first;

	while (max && others(s, all, &first) >= max) {
		if (!s->profile->replace_sessions) {
			s->box->count.refused_user++;
			log_info("%s user %s: refused: it has %u sessions",
				 kern_link_str(&s->access, link),
				 log_safe(s->user, strlen(s->user), user,
					  sizeof(user)),
				 max);
			return "Too many sessions";
		}
		s->box->count.replaced++;
		subscriber_end(first, now, L2TP_CDN_ADMIN,
			       "replaced by a new session of the user's");
	}
	join(s);
	return NULL;
}

void user_limit_restore(struct subscriber *s)
{
	if (s->counts)
		join(s);
}
