// SPDX-License-Identifier: GPL-2.0-only
/*
 * A page that does not come. See stuck.h.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "stuck.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <linux/userfaultfd.h>

#define CALL_BYTES	16

static int keep_away(struct stuck_call *call)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register pages = {
		.range = { .start = (unsigned long)call->page, .len = call->size },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};

	if (ioctl(call->pages, UFFDIO_API, &api) || ioctl(call->pages, UFFDIO_REGISTER, &pages))
		return -errno;
	return 0;
}

static int make_page(struct stuck_call *call)
{
	int ret;

	/* Without O_NONBLOCK it cannot be polled. */
	call->pages = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	if (call->pages < 0)
		return -EOPNOTSUPP;
	call->size = sysconf(_SC_PAGESIZE);
	call->page = mmap(NULL, call->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);
	ret = call->page == MAP_FAILED ? -errno : keep_away(call);
	if (ret)
		close(call->pages);
	return ret;
}

static void *do_call(void *context)
{
	struct stuck_call *call = context;

	if (call->reads)
		call->ret = read(call->fd, call->page, CALL_BYTES);
	else
		call->ret = write(call->fd, call->page, CALL_BYTES);
	if (call->ret < 0)
		call->ret = -errno;
	return NULL;
}

int stuck_call_begin(struct stuck_call *call, int fd, bool reads)
{
	struct pollfd pfd = { .events = POLLIN };
	struct uffd_msg msg;
	int ret;

	*call = (struct stuck_call){ .fd = fd, .reads = reads };
	ret = make_page(call);
	if (ret)
		return ret;
	ret = -pthread_create(&call->thread, NULL, do_call, call);
	if (ret)
		return ret;
	pfd.fd = call->pages;
	if (poll(&pfd, 1, HANG_GUARD_S * 1000) != 1 ||
	    read(call->pages, &msg, sizeof(msg)) != sizeof(msg) ||
	    msg.event != UFFD_EVENT_PAGEFAULT)
		return -ETIMEDOUT;
	return 0;
}

ssize_t stuck_call_end(struct stuck_call *call)
{
	struct uffdio_zeropage zero = {
		.range = { .start = (unsigned long)call->page, .len = call->size },
	};

	ioctl(call->pages, UFFDIO_ZEROPAGE, &zero);
	close(call->pages);
	pthread_join(call->thread, NULL);
	munmap(call->page, call->size);
	return call->ret;
}
