/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 linux-amp developers
 *
 * Tracepoints of the transport, events/virtio_rpmsg in tracefs. What they say is in
 * Documentation/abi.rst. "vdev" is N of virtioN, "ring" 0 is the receive ring.
 */

#undef TRACE_SYSTEM
#define TRACE_SYSTEM virtio_rpmsg

#if !defined(VIRTIO_RPMSG_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define VIRTIO_RPMSG_TRACE_H

#include <linux/rpmsg.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

TRACE_EVENT(virtio_rpmsg_send,
	    TP_PROTO(int vdev, u32 src, u32 dst, u32 len, int ret),
	    TP_ARGS(vdev, src, dst, len, ret),
	    TP_STRUCT__entry(__field(int, vdev)
			     __field(u32, src)
			     __field(u32, dst)
			     __field(u32, len)
			     __field(int, ret)
	    ),
	    TP_fast_assign(__entry->vdev = vdev;
			   __entry->src = src;
			   __entry->dst = dst;
			   __entry->len = len;
			   __entry->ret = ret;
	    ),
	    TP_printk("vdev=%d src=%u dst=%u len=%u ret=%d", __entry->vdev, __entry->src,
		      __entry->dst, __entry->len, __entry->ret)
);

TRACE_EVENT(virtio_rpmsg_receive,
	    TP_PROTO(int vdev, u32 src, u32 dst, u32 len),
	    TP_ARGS(vdev, src, dst, len),
	    TP_STRUCT__entry(__field(int, vdev)
			     __field(u32, src)
			     __field(u32, dst)
			     __field(u32, len)
	    ),
	    TP_fast_assign(__entry->vdev = vdev;
			   __entry->src = src;
			   __entry->dst = dst;
			   __entry->len = len;
	    ),
	    TP_printk("vdev=%d src=%u dst=%u len=%u", __entry->vdev, __entry->src, __entry->dst,
		      __entry->len)
);

DECLARE_EVENT_CLASS(virtio_rpmsg_doorbell,
		    TP_PROTO(int vdev, unsigned int ring),
		    TP_ARGS(vdev, ring),
		    TP_STRUCT__entry(__field(int, vdev)
				     __field(unsigned int, ring)
		    ),
		    TP_fast_assign(__entry->vdev = vdev;
				   __entry->ring = ring;
		    ),
		    TP_printk("vdev=%d ring=%u", __entry->vdev, __entry->ring)
);

DEFINE_EVENT(virtio_rpmsg_doorbell, virtio_rpmsg_kick,
	     TP_PROTO(int vdev, unsigned int ring),
	     TP_ARGS(vdev, ring)
);

DEFINE_EVENT(virtio_rpmsg_doorbell, virtio_rpmsg_notify,
	     TP_PROTO(int vdev, unsigned int ring),
	     TP_ARGS(vdev, ring)
);

TRACE_EVENT(virtio_rpmsg_ns,
	    TP_PROTO(int vdev, const char *name, u32 addr, bool destroy, bool done),
	    TP_ARGS(vdev, name, addr, destroy, done),
	    TP_STRUCT__entry(__field(int, vdev)
			     __array(char, name, RPMSG_NAME_SIZE)
			     __field(u32, addr)
			     __field(bool, destroy)
			     __field(bool, done)
	    ),
	    TP_fast_assign(__entry->vdev = vdev;
			   strscpy(__entry->name, name, RPMSG_NAME_SIZE);
			   __entry->addr = addr;
			   __entry->destroy = destroy;
			   __entry->done = done;
	    ),
	    TP_printk("vdev=%d %s %s addr=%u%s", __entry->vdev,
		      __entry->destroy ? "destroy" : "create", __entry->name, __entry->addr,
		      __entry->done ? "" : " refused")
);

#endif /* VIRTIO_RPMSG_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE virtio_rpmsg_trace
#include <trace/define_trace.h>
