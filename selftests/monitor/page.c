// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page by which tests watch this monitor and have it fail calls, see ../include/el3_page.h.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "../include/el3_page.h"
#include "monitor.h"

static struct el3_page *const page = (struct el3_page *)EL3_PAGE_ADDR;

/* Makes taking one from the failures that are left a single step */
static struct bakery_lock page_lock;

/**
 * page_init() - prepare the page
 *
 * Context: boot core, once.
 */
void page_init(void)
{
	u32 i;

	for (i = 0; i < sizeof(*page) / 4; i++)
		WRITE_ONCE(((u32 *)page)[i], 0);
	WRITE_ONCE(page->magic, EL3_PAGE_MAGIC);
}

/**
 * page_count_ipi() - count a call
 * @call:   lowest digit of its number
 * @remote: the agent that it is about
 *
 * Context: EL3, any core.
 */
void page_count_ipi(u32 call, u32 remote)
{
	u32 *count;

	if (call >= EL3_IPI_CALLS || remote >= EL3_AGENTS)
		return;
	count = &page->ipi[this_cpu()][remote][call];
	WRITE_ONCE(*count, READ_ONCE(*count) + 1);
}

/**
 * page_fails() - is an EEMI call to fail
 * @call:   its number
 * @arg:    its first argument
 * @status: receives what it fails with
 *
 * Context: EL3, any core.
 * Return: 1 if so.
 */
u32 page_fails(u32 call, u32 arg, u32 *status)
{
	u32 fails;

	if (!READ_ONCE(page->fail_left) || READ_ONCE(page->fail_call) != call ||
	    (READ_ONCE(page->fail_arg) != EL3_FAIL_ANY && READ_ONCE(page->fail_arg) != arg))
		return 0;

	bakery_lock(&page_lock);
	fails = READ_ONCE(page->fail_left) > 0;
	if (fails)
		WRITE_ONCE(page->fail_left, READ_ONCE(page->fail_left) - 1);
	bakery_unlock(&page_lock);
	*status = READ_ONCE(page->fail_status);
	return fails;
}
