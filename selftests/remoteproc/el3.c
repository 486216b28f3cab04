// SPDX-License-Identifier: GPL-2.0-only
/*
 * The monitor's page. See el3.h.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"
#include "el3.h"
#include "remote.h"

struct el3_page *el3_map(void)
{
	struct el3_page *page = memory_map(EL3_PAGE_ADDR, 4096);

	return page && memory_read(&page->magic) == EL3_PAGE_MAGIC ? page : NULL;
}

unsigned int el3_count(const struct el3_page *page, unsigned int agent, enum el3_ipi_call call)
{
	unsigned int sum = 0;

	for (int cpu = 0; cpu < EL3_CPUS; cpu++)
		sum += memory_read(&page->ipi[cpu][agent][call]);
	return sum;
}

void el3_fail(struct el3_page *page, unsigned int call, unsigned int arg, unsigned int times)
{
	memory_write(&page->fail_left, 0);
	memory_write(&page->fail_call, call);
	memory_write(&page->fail_arg, arg);
	memory_write(&page->fail_status, EEMI_NO_ACCESS);
	__sync_synchronize();
	memory_write(&page->fail_left, times);
}

bool el3_failed(const struct el3_page *page)
{
	return !memory_read(&page->fail_left);
}
