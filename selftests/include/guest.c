// SPDX-License-Identifier: GPL-2.0-only
/*
 * Time, environment and small files for the test programs. See guest.h.
 *
 * Copyright (c) 2026 linux-amp developers
 */
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

/*
 * A test runs in a forked child that leaves with _exit(): without line buffering everything it
 * said would be lost when the output is a file.
 */
static void __attribute__((constructor)) line_buffered_output(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
}

__u64 now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ull + t.tv_nsec / 1000000;
}

unsigned int scaled(unsigned int full, unsigned int least)
{
	const char *text = getenv("AMP_SCALE");
	unsigned long percent = text && *text ? strtoul(text, NULL, 10) : 100;
	unsigned int count = full * percent / 100;

	return count > least ? count : least;
}

bool demanded(const char *variable)
{
	const char *text = getenv(variable);

	return text && *text && strcmp(text, "0");
}

int read_text(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len;
	int err;

	buf[0] = '\0';
	if (fd < 0)
		return -errno;

	len = read(fd, buf, size - 1);
	err = errno;
	close(fd);
	if (len < 0)
		return -err;

	while (len > 0 && (buf[len - 1] == '\n' || !buf[len - 1]))
		len--;
	buf[len] = '\0';
	return len;
}

int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t len;
	int err;

	if (fd < 0)
		return -errno;

	len = write(fd, text, strlen(text));
	err = errno;
	close(fd);
	return len < 0 ? -err : 0;
}

void *read_file(const char *path, size_t *size)
{
	size_t room = 4096, used = 0;
	char *data = malloc(room + 1);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = -1;

	/* The files of /proc do not tell their size, so read until there is no more. */
	while (fd >= 0 && data && (len = read(fd, data + used, room - used)) > 0) {
		char *more;

		used += len;
		if (used < room)
			continue;
		room *= 2;
		more = realloc(data, room + 1);
		if (!more)
			break;
		data = more;
	}

	if (fd >= 0)
		close(fd);
	if (!data || len) {
		free(data);
		return NULL;
	}

	data[used] = '\0';
	*size = used;
	return data;
}

int write_file(const char *path, const void *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	size_t done = 0;
	int err = 0;

	if (fd < 0)
		return -errno;

	while (done < size && !err) {
		ssize_t len = write(fd, (const char *)data + done, size - done);

		if (len < 0)
			err = -errno;
		else
			done += len;
	}

	if (close(fd) && !err)
		err = -errno;
	return err;
}

bool asleep(pid_t pid)
{
	char path[64], stat[256], *state;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (read_text(path, stat, sizeof(stat)) < 0)
		return false;
	state = strrchr(stat, ')');
	return state && state[2] == 'S';
}

bool has_ended(pid_t pid)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, pid, &info, WEXITED | WNOHANG | WNOWAIT) || info.si_pid;
}

int run(const char *const argv[])
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}
