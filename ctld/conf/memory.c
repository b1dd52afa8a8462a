/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Blocks in a list, its head in the configuration. See memory.h. */
#include "conf/memory.h"

#include <stdlib.h>
#include <string.h>

struct conf_memory {
	struct conf_memory *next;
	size_t size;
	_Alignas(max_align_t) char data[];
};

static void *block(struct conf_memory **head, size_t size)
{
	struct conf_memory *m = calloc(1, sizeof(*m) + size);

	if (!m)
		abort();
	m->size = size;
	m->next = *head;
	*head = m;
	return m->data;
}

struct conf *conf_new(void)
{
	struct conf_memory *m = NULL;
	struct conf *c = block(&m, sizeof(*c));

	c->memory = m;
	STAILQ_INIT(&c->endpoints);
	STAILQ_INIT(&c->pools);
	STAILQ_INIT(&c->pools6);
	STAILQ_INIT(&c->policies);
	STAILQ_INIT(&c->profiles);
	STAILQ_INIT(&c->ports);
	STAILQ_INIT(&c->tunnels);
	STAILQ_INIT(&c->tunnel_groups);
	STAILQ_INIT(&c->tunnel_defaults);
	STAILQ_INIT(&c->rules);
	STAILQ_INIT(&c->domains);
	STAILQ_INIT(&c->destinations);
	STAILQ_INIT(&c->groups);
	STAILQ_INIT(&c->users);
	STAILQ_INIT(&c->radius_servers);
	STAILQ_INIT(&c->radius_groups);
	STAILQ_INIT(&c->daes);
	return c;
}

void *conf_alloc(struct conf *c, size_t size)
{
	return block(&c->memory, size);
}

char *conf_strdup(struct conf *c, const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(conf_alloc(c, size), text, size);
}

void conf_free(struct conf *c)
{
	struct conf_memory *m = c ? c->memory : NULL;

	if (c)
		dictionary_free(c->dictionary);
	while (m) {
		struct conf_memory *next = m->next;

		explicit_bzero(m->data, m->size);
		free(m);
		m = next;
	}
}
