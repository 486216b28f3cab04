/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the EL3 monitor share: register access, the console, locks and the entry
 * point of each service.  The services know nothing of each other except through this file.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#ifndef MONITOR_H
#define MONITOR_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
typedef int s32;
typedef long s64;

#define BIT(n)			(1U << (n))
#define __noreturn		__attribute__((noreturn))
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))

#define NR_CORES			4

/* Where QEMU's loader puts the kernel and its devicetree */
#define KERNEL_ADDR		0x00200000UL
#define DTB_ADDR		0x08000000UL
/* and programs that the R5s are to run before there is a Linux, one after the other */
#define PRELOAD_ADDR		0x30000000UL
#define PRELOAD_BYTES		0x00400000UL

#define DDR_LOW_END		0x80000000UL

/* Clock and reset control of the full-power and the low-power domain */
#define CRF_RST_FPD_APU		0xfd1a0104UL
#define CRL_RESET_CTRL		0xff5e0218UL
#define   SOFT_RESET		BIT(4)
#define CRL_RST_LPD_TOP		0xff5e023cUL
#define CRL_BOOT_PIN_CTRL	0xff5e0250UL

#define read_sysreg(reg) ({						\
	u64 __val;							\
	asm volatile("mrs %0, " #reg : "=r" (__val));			\
	__val;								\
})
#define write_sysreg(reg, val) ({					\
	asm volatile("msr " #reg ", %0" : : "r" ((u64)(val)));		\
})

/* For memory that another core reads or writes at the same time, and for registers */
#define READ_ONCE(x)		(*(const volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, val)	(*(volatile typeof(x) *)&(x) = (val))

static inline u32 mmio_read(u64 addr)
{
	return READ_ONCE(*(u32 *)addr);
}

static inline void mmio_write(u64 addr, u32 val)
{
	WRITE_ONCE(*(u32 *)addr, val);
}

static inline void dsb(void)
{
	asm volatile("dsb sy" : : : "memory");
}

static inline void wfi(void)
{
	asm volatile("wfi" : : : "memory");
}

static inline u32 this_cpu(void)
{
	return read_sysreg(mpidr_el1) & 0xff;
}

/**
 * struct bakery_lock - a lock that needs no exclusive access instructions
 * @ticket: per core: bit 0 while it draws its ticket, the ticket above it; 0 when not waiting
 *
 * The monitor runs with its MMU off, so its data is Device memory, on which exclusive accesses
 * are not guaranteed to work.
 */
struct bakery_lock {
	u32 ticket[NR_CORES];
};

void bakery_lock(struct bakery_lock *lock);
void bakery_unlock(struct bakery_lock *lock);

/* console.c */
void console_init(void);
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#ifdef DEBUG
#define trace(...)	say(__VA_ARGS__)
#else
#define trace(...)	do { if (0) say(__VA_ARGS__); } while (0)
#endif

/* main.c */
/**
 * struct entry - what a core finds when it leaves EL3
 * @pc:   where it starts
 * @x0:   its first argument
 * @spsr: its exception level and masks
 * @scr:  SCR_EL3 for the normal world
 *
 * start.S knows the layout.
 */
struct entry {
	u64 pc;
	u64 x0;
	u64 spsr;
	u64 scr;
};

void __noreturn machine_off(u32 status);
void __noreturn machine_reset(void);
void prepare_normal_world(struct entry *entry);

/* start.S */
extern char warm_entry[];
void __noreturn leave_el3(const struct entry *entry);
u64 semihost(u64 op, const void *arg);

/* gic.c */
void gic_init_distributor(void);
void gic_init_cpu(void);
void gic_wait_for_wakeup(void);
void gic_send_wakeup(u32 cpu);

/* psci.c */
void psci_boot_cpu_is_on(void);
void psci_secondary_entry(struct entry *entry);
s64 psci_call(u32 fid, u64 x1, u64 x2, u64 x3);

/* eemi.c */
enum eemi_status {
	EEMI_OK			= 0,
	EEMI_FAILURE		= 1,
	EEMI_INVALID_PARAM	= 15,
	EEMI_NO_FEATURE		= 19,
	EEMI_CONFLICT		= 2001,
	EEMI_NO_ACCESS		= 2002,
	EEMI_INVALID_NODE	= 2003,
	EEMI_DOUBLE_REQUEST	= 2004,
};

#define EEMI_WORDS	4
#define VERSION(major, minor)	((major) << 16 | (minor))

#define EEMI_NAME_BYTES	16

void eemi_call(u32 id, u64 *x);
void eemi_pack_name(u32 *ret, const char *name);

/* eemi_clock.c: each returns a status and fills the words after it */
u32 clock_query(const u32 *arg, u32 *ret);
u32 clock_enable(u32 id, u32 on);
u32 clock_get_state(u32 id, u32 *on);
u32 clock_set_divider(u32 id, u32 value);
u32 clock_get_divider(u32 id, u32 *value);

/* eemi_node.c */
enum eemi_node {
	NODE_APU	= 1,
	NODE_APU_0	= 2,
	NODE_APU_3	= 5,
	NODE_RPU	= 6,
	NODE_RPU_0	= 7,
	NODE_RPU_1	= 8,
	NODE_PLD	= 9,
	NODE_FPD	= 10,
	NODE_OCM_BANK_0	= 11,
	NODE_TCM_0_A	= 15,
	NODE_TCM_1_B	= 18,
	NODE_APLL	= 50,
	NODE_IOPLL	= 54,
	NODE_LPD	= 62,
	NODE_PL		= 69,
	NODE_LAST	= 71,
};

u32 node_request(u32 node, u32 capabilities, u32 ack);
u32 node_release(u32 node);
u32 node_set_requirement(u32 node, u32 capabilities, u32 ack);
u32 node_get_status(u32 node, u32 *ret);

/* eemi_pinctrl.c */
u32 pinctrl_query(const u32 *arg, u32 *ret);
u32 pinctrl_request(u32 pin, u32 take);
u32 pinctrl_get_function(u32 pin, u32 *function);
u32 pinctrl_set_function(u32 pin, u32 function);
u32 pinctrl_get_config(u32 pin, u32 param, u32 *value);
u32 pinctrl_set_config(u32 pin, u32 param, u32 value);

/* rpu.c */
u32 rpu_request_wakeup(u32 node, u64 address, u32 ack);
u32 rpu_force_powerdown(u32 node, u32 ack);
u32 rpu_is_running(u32 core);
u32 rpu_is_lockstep(void);
u32 rpu_tcm_is_combined(void);
u32 rpu_set_mode(u32 mode);
u32 rpu_set_boot_address(u32 node, u32 high);
u32 rpu_set_tcm_combined(u32 combined);
u32 rpu_reset(u32 line, u32 action);

/* page.c */
void page_init(void);
void page_count_ipi(u32 call, u32 remote);
u32 page_fails(u32 call, u32 arg, u32 *status);

/* preload.c */
void preload_remotes(void);

/* ipi.c */
s64 ipi_call(u32 fid, u32 local, u32 remote, u32 flags);

static inline int ack_is_valid(u32 ack)
{
	return ack >= 1 && ack <= 3;	/* no, blocking, non-blocking */
}

#endif /* MONITOR_H */
