/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * aditd over plain sockets that finds its links again after kill -9, for
 * tests/bench/daemon: what the module would have kept is in a file, $ADIT_KEPT. It is
 * aditd with this in the place of kern_plain_open, which still does all the rest.
 */
#include "kern/kern.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct kern *__real_kern_plain_open(struct ev_loop *loop,
				    const struct kern_events *events,
				    void *user, char err[KERN_ERROR_MAX]);
struct kern *__wrap_kern_plain_open(struct ev_loop *loop,
				    const struct kern_events *events,
				    void *user, char err[KERN_ERROR_MAX]);

#define IDS 65536
#define INSTANCE 1

enum bound { BOUND_NO, BOUND_LINK, BOUND_IP };

struct kept_session {
	struct kern_session s;
	enum bound bound;
};

struct kept_pppoe {
	struct kern_pppoe p;
	enum bound bound;
};

/* By our ids, each unique in the daemon; id 0: none. */
static struct kept {
	struct kern_tunnel tunnel[IDS];
	struct kept_session session[IDS];
	struct kept_pppoe pppoe[IDS];
} * kept;

static const struct kern_impl *plain;

static struct kept_session *session(const struct kern_link *l)
{
	return l->kind == KERN_SESSION ? &kept->session[l->session_id] : NULL;
}

static struct kept_pppoe *pppoe(const struct kern_link *l)
{
	return l->kind == KERN_PPPOE ? &kept->pppoe[l->session_id] : NULL;
}

static void tunnel_new(struct kern *k, const struct kern_tunnel *t)
{
	kept->tunnel[t->id] = *t;
	kept->tunnel[t->id].label = NULL;
	plain->tunnel_new(k, t);
}

static void tunnel_del(struct kern *k, uint16_t id)
{
	kept->tunnel[id].id = 0;
	for (size_t i = 0; i < IDS; i++)
		if (kept->session[i].s.tunnel_id == id)
			kept->session[i].s.id = 0;
	plain->tunnel_del(k, id);
}

static void keep_session(const struct kern_session *s)
{
	kept->session[s->id].s = *s;
	kept->session[s->id].s.label = NULL;
}

static void session_new(struct kern *k, const struct kern_session *s)
{
	kept->session[s->id].bound = BOUND_NO;
	keep_session(s);
	plain->session_new(k, s);
}

static void session_set(struct kern *k, const struct kern_session *s)
{
	keep_session(s);
	plain->session_set(k, s);
}

static void pppoe_new(struct kern *k, const struct kern_pppoe *p)
{
	struct kept_pppoe *mine = pppoe(&p->link);

	*mine = (struct kept_pppoe){ .p = *p };
	mine->p.label = NULL;
	plain->pppoe_new(k, p);
}

static void link_del(struct kern *k, const struct kern_link *l)
{
	if (session(l))
		session(l)->s.id = 0;
	else
		pppoe(l)->p.link.session_id = 0;
	plain->link_del(k, l);
}

static void bind_one(const struct kern_link *l, enum bound bound,
		     const struct kern_link *to)
{
	static const struct kern_link none;

	if (session(l)) {
		session(l)->bound = bound;
		session(l)->s.to = to ? *to : none;
	} else {
		pppoe(l)->bound = bound;
		pppoe(l)->p.to = to ? *to : none;
	}
}

static void bind_link(struct kern *k, const struct kern_link *l,
		      uint64_t cookie, const struct kern_link *to,
		      const struct kern_ip *ip)
{
	bind_one(l, to ? BOUND_LINK : ip ? BOUND_IP : BOUND_NO, to);
	if (to)
		bind_one(to, BOUND_LINK, l);
	plain->bind(k, l, cookie, to, ip);
}

static int instance(struct kern *k, uint64_t *out, char err[KERN_ERROR_MAX])
{
	(void)k, (void)err;
	*out = INSTANCE;
	return 0;
}

static void bind_again(struct kern *k, const struct kern_link *l,
		       uint64_t cookie, enum bound bound,
		       const struct kern_link *to)
{
	static const struct kern_ip ip;

	if (bound == BOUND_IP)
		plain->bind(k, l, cookie, NULL, &ip);
	else if (bound == BOUND_LINK)
		plain->bind(k, l, cookie, to, NULL);
}

/* The plain port learns them anew, the daemon is told of them. */
static int dump(struct kern *k, const struct kern_found *f,
		char err[KERN_ERROR_MAX])
{
	(void)err;
	for (size_t i = 1; i < IDS; i++) {
		if (!kept->tunnel[i].id)
			continue;
		plain->tunnel_new(k, &kept->tunnel[i]);
		f->tunnel(f->ctx, &kept->tunnel[i]);
	}
	for (size_t i = 1; i < IDS; i++) {
		if (!kept->session[i].s.id)
			continue;
		plain->session_new(k, &kept->session[i].s);
		f->session(f->ctx, &kept->session[i].s);
	}
	for (size_t i = 1; i < IDS; i++) {
		if (!kept->pppoe[i].p.link.session_id)
			continue;
		plain->pppoe_new(k, &kept->pppoe[i].p);
		f->pppoe(f->ctx, &kept->pppoe[i].p);
	}
	for (size_t i = 1; i < IDS; i++) {
		const struct kept_session *s = &kept->session[i];
		struct kern_link l = { .kind = KERN_SESSION,
				       .tunnel_id = s->s.tunnel_id,
				       .session_id = s->s.id };

		if (s->s.id)
			bind_again(k, &l, s->s.cookie, s->bound, &s->s.to);
	}
	for (size_t i = 1; i < IDS; i++) {
		const struct kept_pppoe *p = &kept->pppoe[i];

		if (p->p.link.session_id && p->bound == BOUND_IP)
			bind_again(k, &p->p.link, p->p.cookie, p->bound, NULL);
	}
	return 0;
}

struct kern *__wrap_kern_plain_open(struct ev_loop *loop,
				    const struct kern_events *events,
				    void *user, char err[KERN_ERROR_MAX])
{
	struct kern *k = __real_kern_plain_open(loop, events, user, err);
	const char *path = getenv("ADIT_KEPT");
	static struct kern_impl impl;
	int fd = path ? open(path, O_RDWR | O_CREAT, 0600) : -1;

	if (!k)
		return NULL;
	if (fd < 0 || ftruncate(fd, sizeof(*kept))) {
		snprintf(err, KERN_ERROR_MAX, "ADIT_KEPT: no file");
		return NULL;
	}
	kept = mmap(NULL, sizeof(*kept), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		    0);
	if (kept == MAP_FAILED)
		abort();
	plain = k->impl;
	impl = *plain;
	impl.tunnel_new = tunnel_new;
	impl.tunnel_del = tunnel_del;
	impl.session_new = session_new;
	impl.session_set = session_set;
	impl.pppoe_new = pppoe_new;
	impl.link_del = link_del;
	impl.bind = bind_link;
	impl.instance = instance;
	impl.dump = dump;
	k->impl = &impl;
	return k;
}
