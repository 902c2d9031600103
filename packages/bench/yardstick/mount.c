/* The limit for `mount`: overlay mounts with all that a store owes around each (docs/decisions/0073). To mount: the layer's lock; its record read
   and its parent's looked at; what is recorded of the layer listed; the target resolved, and what stands there; the mount namespace; the
   intent recorded under the store's lock, where what is recorded of the target is listed; the mount, made private, and a look at what it is; the record
   again. To unmount: the lock, the layer's record looked at, what is recorded listed and this mount's record read, the namespace, a look at
   what stands there, the unmount, the question whether the superblock is gone, and the record removed.
   mount TIMES STORE TARGET UPPER WORK (RECORD LOWER)... : STORE is a directory with `records/` in it; RECORD is the lower's file */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>
#include "fail.h"

#ifndef SYS_fsopen
#define SYS_move_mount 429
#define SYS_fsopen 430
#define SYS_fsconfig 431
#define SYS_fsmount 432
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
#define MNT_ID 0x1000
#define MNT_ID_UNIQUE 0x4000
#define DONT_SYNC 0x4000

static void set(int fs, const char *key, const char *value) { TRY(syscall(SYS_fsconfig, fs, 1, key, value, 0), value); }

static void record(const char *scratch, const char *name) {
  static char text[448];
  memset(text, 'x', sizeof text);
  int fd = TRY(open(scratch, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), scratch);
  TRY(write(fd, text, sizeof text), scratch);
  close(fd);
  TRY(rename(scratch, name), name);
}

static void read_record(const char *name) {
  static char text[65536];
  int fd = TRY(open(name, O_RDONLY | O_CLOEXEC), name);
  if (TRY(read(fd, text, sizeof text), name) < 300) fail("no record in", name);
  close(fd);
}

static int lock(const char *file) {
  int fd = TRY(open(file, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600), file);
  TRY(flock(fd, LOCK_EX | LOCK_NB), file);
  struct stat by_name, by_fd;
  TRY(lstat(file, &by_name), file);
  TRY(fstat(fd, &by_fd), file);
  if (by_name.st_ino != by_fd.st_ino) fail("the lock was replaced", file);
  return fd;
}

/* How many records there are. */
static int list(const char *directory) {
  static char entries[65536];
  int fd = TRY(open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), directory);
  int count = 0;
  for (long n; (n = TRY(syscall(SYS_getdents64, fd, entries, sizeof entries), directory)) > 0;)
    for (long at = 0; at < n; at += *(unsigned short *)(entries + at + 16)) count += entries[at + 19] != '.';
  close(fd);
  return count;
}

static void look(const char *file) {
  struct statx about;
  TRY(statx(AT_FDCWD, file, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &about), file);
}

struct standing { unsigned long long id, unique; unsigned major, minor; };

/* Which mount it is; its 64-bit id takes a second call (Linux 6.8). */
static struct standing standing(int dir, const char *path, int flags) {
  struct statx about, more;
  TRY(statx(dir, path, flags | DONT_SYNC, STATX_BASIC_STATS | MNT_ID, &about), path);
  TRY(statx(dir, path, flags | DONT_SYNC, MNT_ID_UNIQUE, &more), path);
  return (struct standing){about.stx_mnt_id, more.stx_mask & MNT_ID_UNIQUE ? more.stx_mnt_id : 0, about.stx_dev_major, about.stx_dev_minor};
}

static void namespace_of_mounts(void) {
  char text[64];
  TRY(readlink("/proc/self/ns/mnt", text, sizeof text), "/proc/self/ns/mnt");
}

int main(int argc, char **argv) {
  if (argc < 8 || argc % 2) return 2;
  const char *store = argv[2], *target = argv[3];
  char layer_lock[4096], store_lock[4096], scratch[4096], records[4000], name[4096], head[4096];
  snprintf(layer_lock, sizeof layer_lock, "%s/layer.lock", store);
  snprintf(store_lock, sizeof store_lock, "%s/lock", store);
  snprintf(scratch, sizeof scratch, "%s/scratch", store);
  snprintf(records, sizeof records, "%s/records", store);
  snprintf(name, sizeof name, "%s/one.json", records);
  snprintf(head, sizeof head, "%s/layer.json", store);
  record(scratch, head);
  for (int times = atoi(argv[1]); times > 0; times--) {
    int held = lock(layer_lock);
    read_record(head);
    look(argv[6]);
    if (list(records) != 0) fail("mounted already", target);
    char above[4096], resolved[PATH_MAX];
    snprintf(above, sizeof above, "%.*s", (int)(strrchr(target, '/') - target), target);
    if (!realpath(above, resolved)) fail("realpath", above);
    standing(AT_FDCWD, target, AT_SYMLINK_NOFOLLOW);
    namespace_of_mounts();
    int whole = lock(store_lock);
    if (list(records) != 0) fail("somebody is mounting at", target);
    record(scratch, name);
    close(whole);
    int fs = TRY(syscall(SYS_fsopen, "overlay", 1), "overlay");
    set(fs, "source", "overlay");
    set(fs, "index", "off");
    set(fs, "metacopy", "off");
    set(fs, "redirect_dir", "nofollow");
    for (int i = 7; i < argc; i += 2) set(fs, "lowerdir+", argv[i]);
    set(fs, "upperdir", argv[4]);
    set(fs, "workdir", argv[5]);
    TRY(syscall(SYS_fsconfig, fs, 6, NULL, NULL, 0), "create");
    int mounted = TRY(syscall(SYS_fsmount, fs, 1, 0), "fsmount");
    close(fs);
    struct statfs kind;
    TRY(fstatfs(mounted, &kind), target);
    if (kind.f_type != 0x794c7630 || kind.f_flags & 1) fail("not the overlay asked for at", target);
    TRY(syscall(SYS_move_mount, mounted, "", AT_FDCWD, target, 4), target);
    unsigned long long private[4] = {0, 0, MS_PRIVATE, 0};
    TRY(syscall(SYS_mount_setattr, mounted, "", AT_EMPTY_PATH, private, sizeof private), target);
    struct standing made = standing(mounted, "", AT_EMPTY_PATH);
    close(mounted);
    record(scratch, name);
    close(held);

    held = lock(layer_lock);
    look(head);
    if (list(records) != 1) fail("not the one mount of the layer", target);
    read_record(name);
    namespace_of_mounts();
    struct standing now = standing(AT_FDCWD, target, AT_SYMLINK_NOFOLLOW);
    if (now.id != made.id || now.unique != made.unique) fail("another mount stands at", target);
    TRY(umount2(target, UMOUNT_NOFOLLOW), target);
#ifdef SYS_ustat
    /* Somebody else's new superblock may have the number already. */
    char answer[64];
    if (syscall(SYS_ustat, makedev(made.major, made.minor), answer) < 0 && errno != EINVAL) fail("ustat", target);
#endif
    TRY(unlink(name), name);
    close(held);
  }
  return 0;
}
