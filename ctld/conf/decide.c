/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See decide.h. Called by bng/access; reads, and does nothing else. */
#include "conf/decide.h"

#include <string.h>
#include <strings.h>

static void copy(char out[PPP_NAME_MAX + 1], const char *from, size_t len)
{
	if (len > PPP_NAME_MAX)
		len = PPP_NAME_MAX;
	memcpy(out, from, len);
	out[len] = 0;
}

/* The last of these characters; NULL: it has none. */
static const char *last_of(const char *name, const char *delimiters)
{
	const char *found = NULL;

	if (delimiters)
		for (const char *p = name; *p; p++)
			if (strchr(delimiters, *p))
				found = p;
	return found;
}

static const char *first_of(const char *name, const char *delimiters)
{
	return delimiters ? strpbrk(name, delimiters) : NULL;
}

void conf_parse_name(const struct conf *c, const char *name,
		     struct conf_user_name *out)
{
	const char *domain = last_of(name, c->domain_delimiters);
	const char *realm = first_of(name, c->realm_delimiters);

	memset(out, 0, sizeof(*out));
	if (realm && (c->realm_first || !domain)) {
		out->has_domain = true;
		copy(out->domain, name, (size_t)(realm - name));
		copy(out->user, realm + 1, strlen(realm + 1));
	} else if (domain) {
		out->has_domain = true;
		copy(out->domain, domain + 1, strlen(domain + 1));
		copy(out->user, name, (size_t)(domain - name));
	} else {
		copy(out->user, name, strlen(name));
	}
}

/* "*.example" is what is below it, not "example" itself. */
static bool is_below(const char *domain, const char *wildcard)
{
	size_t len = strlen(domain), tail = strlen(wildcard + 1);

	return len > tail && !strcasecmp(domain + len - tail, wildcard + 1);
}

/* "x@none" is a domain like any other that is not named. */
static bool domain_matches(const struct conf_user_name *n, const char *pattern)
{
	if (!strcasecmp(pattern, "none"))
		return !n->has_domain;
	if (!strcasecmp(pattern, "default"))
		return n->has_domain;
	if (pattern[0] == '*')
		return n->has_domain && is_below(n->domain, pattern);
	return n->has_domain && !strcasecmp(n->domain, pattern);
}

static bool any_domain(const struct conf_rule *r,
		       const struct conf_user_name *n)
{
	for (size_t i = 0; r->domains && r->domains[i]; i++)
		if (domain_matches(n, r->domains[i]))
			return true;
	return !r->domains;
}

static bool any_text(const char *const *list, const char *text)
{
	for (size_t i = 0; list && list[i]; i++)
		if (!strcmp(list[i], text))
			return true;
	return !list;
}

const struct conf_rule *conf_decide(const struct conf *c,
				    const struct conf_who *who,
				    struct conf_user_name *name)
{
	const struct conf_rule *r;

	conf_parse_name(c, who->name, name);
	STAILQ_FOREACH(r, &c->rules, next)
	if (any_text(r->ports, who->port) &&
	    any_text(r->services, who->service) && any_domain(r, name))
		break;
	return r;
}
