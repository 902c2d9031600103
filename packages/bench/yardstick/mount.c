/* The limit for `mount`: overlay mounts with what a store does around each: the layer's lock, a look at every record of the chain, an intent
   record written and renamed under the store's lock, the mount, a look at what was mounted, the record again; then unmount and unlink.
   mount TIMES STORE TARGET UPPER WORK (RECORD LOWER)... : STORE is a directory with `records/` in it; RECORD is the lower's file */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>
#include "fail.h"

#ifndef SYS_fsopen
#define SYS_move_mount 429
#define SYS_fsopen 430
#define SYS_fsconfig 431
#define SYS_fsmount 432
#endif

static void set(int fs, const char *key, const char *value) { TRY(syscall(SYS_fsconfig, fs, 1, key, value, 0), value); }

static void record(const char *scratch, const char *name) {
  static char text[448];
  memset(text, 'x', sizeof text);
  int fd = TRY(open(scratch, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), scratch);
  TRY(write(fd, text, sizeof text), scratch);
  close(fd);
  TRY(rename(scratch, name), name);
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

int main(int argc, char **argv) {
  if (argc < 8 || argc % 2) return 2;
  const char *store = argv[2], *target = argv[3];
  char layer_lock[4096], store_lock[4096], scratch[4096], name[4096];
  snprintf(layer_lock, sizeof layer_lock, "%s/layer.lock", store);
  snprintf(store_lock, sizeof store_lock, "%s/lock", store);
  snprintf(scratch, sizeof scratch, "%s/scratch", store);
  snprintf(name, sizeof name, "%s/records/one.json", store);
  for (int times = atoi(argv[1]); times > 0; times--) {
    int held = lock(layer_lock);
    struct statx about;
    for (int i = 6; i < argc; i += 2) TRY(statx(AT_FDCWD, argv[i], AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &about), argv[i]);
    TRY(statx(AT_FDCWD, target, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_MNT_ID, &about), target);
    int whole = lock(store_lock);
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
    TRY(syscall(SYS_move_mount, mounted, "", AT_FDCWD, target, 4), target);
    TRY(statx(mounted, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_MNT_ID, &about), target);
    close(mounted);
    record(scratch, name);
    close(held);
    held = lock(layer_lock);
    struct statx now;
    TRY(statx(AT_FDCWD, target, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_MNT_ID, &now), target);
    if (now.stx_mnt_id != about.stx_mnt_id) fail("another mount stands at", target);
    TRY(umount2(target, UMOUNT_NOFOLLOW), target);
    TRY(unlink(name), name);
    close(held);
  }
  return 0;
}
