/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints, of scalars: events/adit in tracefs. `why` is a place in
 * include/adit/drop_list.h, `stat` an enum adit_punt_stat, `cmd` an enum adit_cmd
 * (what was told: new, set, del). A session is tunnel and session, a pppoe ifindex,
 * vlans (outer << 16 | inner) and session; what does not apply is 0. netns is the
 * inode number of the namespace.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM adit

#if !defined(ADIT_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define ADIT_TRACE_H

#include <linux/tracepoint.h>
#include <linux/types.h>

/* clang-format off */
TRACE_EVENT(adit_drop,
	TP_PROTO(u32 netns, u32 why, u16 tunnel, u32 ifindex, u16 session),
	TP_ARGS(netns, why, tunnel, ifindex, session),
	TP_STRUCT__entry(
		__field(u32, netns)
		__field(u32, why)
		__field(u32, ifindex)
		__field(u16, tunnel)
		__field(u16, session)
	),
	TP_fast_assign(
		__entry->netns = netns;
		__entry->why = why;
		__entry->ifindex = ifindex;
		__entry->tunnel = tunnel;
		__entry->session = session;
	),
	TP_printk("netns=%u why=%u tunnel=%u ifindex=%u session=%u",
		  __entry->netns, __entry->why, __entry->tunnel,
		  __entry->ifindex, __entry->session)
);

TRACE_EVENT(adit_punt,
	TP_PROTO(u32 netns, u32 class, u32 stat),
	TP_ARGS(netns, class, stat),
	TP_STRUCT__entry(
		__field(u32, netns)
		__field(u32, class)
		__field(u32, stat)
	),
	TP_fast_assign(
		__entry->netns = netns;
		__entry->class = class;
		__entry->stat = stat;
	),
	TP_printk("netns=%u class=%u stat=%u", __entry->netns, __entry->class,
		  __entry->stat)
);

TRACE_EVENT(adit_tunnel,
	TP_PROTO(u32 netns, u32 cmd, u16 tunnel, u16 peer),
	TP_ARGS(netns, cmd, tunnel, peer),
	TP_STRUCT__entry(
		__field(u32, netns)
		__field(u32, cmd)
		__field(u16, tunnel)
		__field(u16, peer)
	),
	TP_fast_assign(
		__entry->netns = netns;
		__entry->cmd = cmd;
		__entry->tunnel = tunnel;
		__entry->peer = peer;
	),
	TP_printk("netns=%u cmd=%u tunnel=%u peer=%u", __entry->netns,
		  __entry->cmd, __entry->tunnel, __entry->peer)
);

DECLARE_EVENT_CLASS(adit_link,
	TP_PROTO(u32 netns, u32 cmd, u16 tunnel, u32 ifindex, u32 vlans,
		 u16 session),
	TP_ARGS(netns, cmd, tunnel, ifindex, vlans, session),
	TP_STRUCT__entry(
		__field(u32, netns)
		__field(u32, cmd)
		__field(u32, ifindex)
		__field(u32, vlans)
		__field(u16, tunnel)
		__field(u16, session)
	),
	TP_fast_assign(
		__entry->netns = netns;
		__entry->cmd = cmd;
		__entry->ifindex = ifindex;
		__entry->vlans = vlans;
		__entry->tunnel = tunnel;
		__entry->session = session;
	),
	TP_printk("netns=%u cmd=%u tunnel=%u ifindex=%u vlans=%x session=%u",
		  __entry->netns, __entry->cmd, __entry->tunnel,
		  __entry->ifindex, __entry->vlans, __entry->session)
);

DEFINE_EVENT(adit_link, adit_link_told,
	TP_PROTO(u32 netns, u32 cmd, u16 tunnel, u32 ifindex, u32 vlans,
		 u16 session),
	TP_ARGS(netns, cmd, tunnel, ifindex, vlans, session)
);

/* Here cmd is the ifindex of the device that it is bound to; ~0: to another link;
 * 0: to nothing.
 */
DEFINE_EVENT_PRINT(adit_link, adit_bind,
	TP_PROTO(u32 netns, u32 to, u16 tunnel, u32 ifindex, u32 vlans,
		 u16 session),
	TP_ARGS(netns, to, tunnel, ifindex, vlans, session),
	TP_printk("netns=%u to=%d tunnel=%u ifindex=%u vlans=%x session=%u",
		  __entry->netns, __entry->cmd, __entry->tunnel,
		  __entry->ifindex, __entry->vlans, __entry->session)
);
/* clang-format on */

#endif /* ADIT_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
