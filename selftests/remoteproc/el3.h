/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page through which the EL3 monitor of the emulated ZynqMP tells what Linux has called, and
 * through which it is told to fail calls. Boards have other firmware and no such page.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef EL3_H
#define EL3_H

#include "el3_page.h"

/* Calls of the power management firmware, UG1200 */
#define EEMI_FORCE_POWERDOWN	8
#define EEMI_REQUEST_WAKEUP	10
#define EEMI_REQUEST_NODE	13

#define EEMI_NO_ACCESS		2002

/**
 * el3_map() - find the page
 *
 * Return: the page, NULL if this firmware has none.
 */
struct el3_page *el3_map(void);

/**
 * el3_count() - how often Linux has made an IPI call
 * @page: from el3_map()
 * @agent: about this remote agent
 * @call: which one
 *
 * Return: the number, since boot.
 */
unsigned int el3_count(const struct el3_page *page, unsigned int agent, enum el3_ipi_call call);

/**
 * el3_fail() - have calls of the power management firmware fail
 * @page: from el3_map()
 * @call: which calls
 * @arg: with this first argument, or EL3_FAIL_ANY
 * @times: so many of them; 0: none any more
 */
void el3_fail(struct el3_page *page, unsigned int call, unsigned int arg, unsigned int times);

/**
 * el3_failed() - have they all failed
 * @page: from el3_map()
 *
 * Return: true if none is left of those that el3_fail() asked for.
 */
bool el3_failed(const struct el3_page *page);

#endif
