/* The limit for a plain copy: a tree with owners, modes, times, xattrs and hard links, sharing blocks where the first file shows that the
   filesystem can. copy FROM TO (which must not exist) */
#define _GNU_SOURCE
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include "fail.h"
#include "links.h"
#include "walk.h"

static int to_root, clones = -1;
static uid_t own_uid;
static gid_t own_gid;

static void attributes(int from, int to, const char *name) {
  char list[65536], value[65536];
  long n = TRY(flistxattr(from, list, sizeof list), name);
  for (char *key = list; key < list + n; key += strlen(key) + 1)
    TRY(fsetxattr(to, key, value, TRY(fgetxattr(from, key, value, sizeof value), name), 0), name);
}

static void content(int from, int to, size_t size, const char *name) {
  static char piece[1 << 17];
  if (clones != 0) {
    clones = ioctl(to, FICLONE, from) == 0;
    if (clones) return;
  }
  for (size_t left = size; left > 0;) {
    long got = TRY(read(from, piece, sizeof piece < left ? sizeof piece : left), name);
    if (got == 0) fail("shorter than it was", name);
    for (long done = 0; done < got;) done += TRY(write(to, piece + done, got - done), name);
    left -= got;
  }
}

static void copy_directory(int from, int to, const char *path) {
  struct names names = names_of(from);
  for (size_t i = 0; i < names.count; i++) {
    const char *name = names.list[i];
    char below[4096], link[4096];
    snprintf(below, sizeof below, "%s%s", path, name);
    struct stat st;
    TRY(fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW), below);
    struct timespec times[2] = {{0, UTIME_OMIT}, st.st_mtim};
    int owned = st.st_uid == own_uid && st.st_gid == own_gid;
    const char *first = first_name(&st, below);
    if (first) {
      TRY(linkat(to_root, first, to, name, 0), below);
    } else if (S_ISDIR(st.st_mode)) {
      TRY(mkdirat(to, name, st.st_mode & 07777), below);
      int in = TRY(openat(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), below);
      int out = TRY(openat(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), below);
      strcat(below, "/");
      copy_directory(in, out, below);
      if (!owned) TRY(fchown(out, st.st_uid, st.st_gid), below);
      attributes(in, out, below);
      TRY(futimens(out, times), below);
      close(in), close(out);
    } else if (S_ISREG(st.st_mode)) {
      int in = TRY(openat(from, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), below);
      int out = TRY(openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, st.st_mode & 0777), below);
      content(in, out, st.st_size, below);
      if (!owned) TRY(fchown(out, st.st_uid, st.st_gid), below);
      if (st.st_mode & 07000) TRY(fchmod(out, st.st_mode & 07777), below);
      attributes(in, out, below);
      TRY(futimens(out, times), below);
      close(in), close(out);
    } else {
      if (S_ISLNK(st.st_mode)) {
        link[TRY(readlinkat(from, name, link, sizeof link - 1), below)] = 0;
        TRY(symlinkat(link, to, name), below);
      } else TRY(mknodat(to, name, st.st_mode, st.st_rdev), below);
      if (!owned) TRY(fchownat(to, name, st.st_uid, st.st_gid, AT_SYMLINK_NOFOLLOW), below);
      TRY(utimensat(to, name, times, AT_SYMLINK_NOFOLLOW), below);
    }
  }
  free_names(names);
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  umask(0);
  own_uid = geteuid();
  own_gid = getegid();
  int from = TRY(open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC), argv[1]);
  struct stat st;
  TRY(fstat(from, &st), argv[1]);
  TRY(mkdir(argv[2], st.st_mode & 07777), argv[2]);
  to_root = TRY(open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC), argv[2]);
  copy_directory(from, to_root, "");
  struct timespec times[2] = {{0, UTIME_OMIT}, st.st_mtim};
  TRY(fchown(to_root, st.st_uid, st.st_gid), argv[2]);
  attributes(from, to_root, argv[2]);
  TRY(futimens(to_root, times), argv[2]);
  return 0;
}
