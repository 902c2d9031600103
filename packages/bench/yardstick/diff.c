/* The limit for `diff`: a directory as a pax tar on standard output, names in the order of their bytes, xattrs and hard links kept, and at the end the
   sha256 of its bytes on standard error. diff DIRECTORY */
#define _GNU_SOURCE
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include "fail.h"
#include "links.h"
#include "sha256.h"
#include "walk.h"

#define PIECE (1 << 20)
static unsigned char out[PIECE];
static size_t used;

static void flush(void) {
  digest_update(digest, out, used);
  for (size_t done = 0; done < used;) done += TRY(write(1, out + done, used - done), "output");
  used = 0;
}

static unsigned char *room(size_t bytes) {
  if (PIECE - used < bytes) flush();
  unsigned char *p = out + used;
  used += bytes;
  return p;
}

static void pad(size_t size) {
  size_t rest = (512 - size % 512) % 512;
  if (rest) memset(room(rest), 0, rest);
}

static char records[1 << 17];
static size_t record_bytes;

static void add(const char *key, const void *value, size_t length) {
  size_t bare = strlen(key) + length + 3, whole = bare + snprintf(NULL, 0, "%zu", bare);
  whole = bare + snprintf(NULL, 0, "%zu", whole);
  if (record_bytes + whole + 1 > sizeof records) fail("too many attributes", key);
  record_bytes += sprintf(records + record_bytes, "%zu %s=", whole, key);
  memcpy(records + record_bytes, value, length);
  record_bytes += length;
  records[record_bytes++] = '\n';
}

static void header(const char *name, char type, const struct stat *st, size_t size, const char *link) {
  unsigned char *h = room(512);
  memset(h, 0, 512);
  memcpy(h, name, strnlen(name, 100));
  sprintf((char *)h + 100, "%07o", st->st_mode & 07777);
  sprintf((char *)h + 108, "%07o", st->st_uid & 07777777);
  sprintf((char *)h + 116, "%07o", st->st_gid & 07777777);
  sprintf((char *)h + 124, "%011llo", (unsigned long long)size);
  sprintf((char *)h + 136, "%011llo", (unsigned long long)st->st_mtim.tv_sec);
  memset(h + 148, ' ', 8);
  h[156] = type;
  if (link) memcpy(h + 157, link, strnlen(link, 100));
  memcpy(h + 257, "ustar\00000", 8);
  if (type == '3' || type == '4') sprintf((char *)h + 329, "%07o", major(st->st_rdev)), sprintf((char *)h + 337, "%07o", minor(st->st_rdev));
  unsigned sum = 0;
  for (int i = 0; i < 512; i++) sum += h[i];
  sprintf((char *)h + 148, "%06o", sum);
}

static void entry(int dir, const char *name, const char *path, const struct stat *st, int fd) {
  char link[4096] = "", list[65536], value[65536], text[64];
  const char *first = first_name(st, path);
  char type = first ? '1' : S_ISREG(st->st_mode) ? '0' : S_ISDIR(st->st_mode) ? '5' : S_ISLNK(st->st_mode) ? '2' : S_ISCHR(st->st_mode) ? '3' : S_ISBLK(st->st_mode) ? '4' : '6';
  record_bytes = 0;
  if (st->st_mtim.tv_nsec) add("mtime", text, sprintf(text, "%lld.%09ld", (long long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec));
  if (strlen(path) > 100) add("path", path, strlen(path));
  if (first) snprintf(link, sizeof link, "%s", first);
  else if (type == '2') link[TRY(readlinkat(dir, name, link, sizeof link - 1), path)] = 0;
  if (strlen(link) > 100) add("linkpath", link, strlen(link));
  if (fd >= 0 && !first) {
    /* The kernel allocates what it is asked for at every call: first what nearly every file needs. */
    long n = flistxattr(fd, list, 1024);
    if (n < 0) n = TRY(flistxattr(fd, list, sizeof list), path);
    for (char *key = list; key < list + n; key += strlen(key) + 1) {
      long length = fgetxattr(fd, key, value, 1024);
      if (length < 0) length = TRY(fgetxattr(fd, key, value, sizeof value), path);
      char full[300];
      snprintf(full, sizeof full, "SCHILY.xattr.%.255s", key);
      add(full, value, length);
    }
  }
  if (record_bytes) {
    header(path, 'x', st, record_bytes, NULL);
    memcpy(room(record_bytes), records, record_bytes);
    pad(record_bytes);
  }
  size_t size = type == '0' ? st->st_size : 0;
  header(path, type, st, size, link[0] ? link : NULL);
  for (size_t left = size; left > 0;) {
    if (used == PIECE) flush();
    size_t want = PIECE - used < left ? PIECE - used : left;
    long got = TRY(read(fd, out + used, want), path);
    if (got == 0) fail("shorter than it was", path);
    used += got;
    left -= got;
  }
  if (size) pad(size);
}

static void walk(int dir, const char *path) {
  struct names names = names_of(dir);
  for (size_t i = 0; i < names.count; i++) {
    const char *name = names.list[i];
    char below[4096];
    snprintf(below, sizeof below, "%s%s", path, name);
    struct stat st;
    TRY(fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW), below);
    int fd = -1;
    if (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)) fd = TRY(openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NOATIME | O_CLOEXEC), below);
    if (S_ISDIR(st.st_mode)) strcat(below, "/");
    entry(dir, name, below, &st, fd);
    if (S_ISDIR(st.st_mode)) walk(fd, below);
    if (fd >= 0) close(fd);
  }
  free_names(names);
}

int main(int argc, char **argv) {
  if (argc < 2) return 2;
  sha256_begin();
  int root = TRY(open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC), argv[1]);
  struct stat st;
  TRY(fstat(root, &st), argv[1]);
  entry(root, ".", "./", &st, root);
  walk(root, "");
  memset(room(1024), 0, 1024);
  flush();
  dup2(2, 1);
  sha256_print();
  return 0;
}
