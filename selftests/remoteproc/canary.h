/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Regions next to the carveouts that the devicetree of a test board sets aside, under a node name
 * with "canary" in it. Nobody has business there: a changed word is somebody's overrun.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef CANARY_H
#define CANARY_H

#include <stddef.h>

#include <linux/types.h>

#define CANARIES_MAX	8

/**
 * struct canary - one region
 * @map: its mapping, NULL if the kernel refuses it
 * @size: in bytes
 * @name: of its devicetree node
 */
struct canary {
	__u32 *map;
	size_t size;
	char name[64];
};

/**
 * canaries_find() - map the regions of this board
 * @canary: receives up to CANARIES_MAX
 *
 * Return: number of regions that the devicetree has.
 */
int canaries_find(struct canary *canary);

/**
 * canaries_fill() - write the pattern
 * @canary: the regions
 * @count: their number
 */
void canaries_fill(const struct canary *canary, int count);

/**
 * canaries_changed() - compare with the pattern
 * @canary: the regions
 * @count: their number
 *
 * Prints the first difference.
 *
 * Return: number of words that changed.
 */
int canaries_changed(const struct canary *canary, int count);

#endif
