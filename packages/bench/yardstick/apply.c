/* The limit for `apply`: extracts a tar, plain or gzip, from a file below a directory, with sha256 of its plain bytes and one syncfs at
   the end. Owners, modes, times, xattrs and hard links are kept; nothing is checked but gzip's sum. apply TAR DIRECTORY [zlib] */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>
#include "fail.h"
#include "gunzip.h"
#include "sha256.h"

#define PIECE (1 << 20)
static unsigned char buffer[PIECE + 512];
static size_t have, at;
static int input, gzip;

static unsigned char *take(size_t want, size_t *got) {
  if (at == have) {
    have = gzip ? gunzip_read(input, buffer, PIECE) : TRY(read(input, buffer, PIECE), "archive");
    at = 0;
    if (have) digest_update(digest, buffer, have);
  }
  size_t n = have - at < want ? have - at : want;
  unsigned char *p = buffer + at;
  at += n;
  *got = n;
  return p;
}

static int take_block(unsigned char *block) {
  for (size_t n = 0, got; n < 512; n += got) {
    unsigned char *p = take(512 - n, &got);
    if (got == 0) return 0;
    memcpy(block + n, p, got);
  }
  return 1;
}

static void skip(size_t bytes) {
  for (size_t got; bytes > 0; bytes -= got) if (take(bytes, &got), got == 0) fail("short archive", NULL);
}

static long long number(const unsigned char *field, int length) {
  if (field[0] & 0x80) {
    long long v = 0;
    for (int i = 1; i < length; i++) v = v << 8 | field[i];
    return v;
  }
  return strtoll((const char *)field, NULL, 8);
}

struct attribute { char *name, *value; size_t length; };
static struct { char path[4096], link[4096]; long long size, seconds, uid, gid; long nanos; int attributes; struct attribute xattr[64]; } pax;

static void parse_pax(char *records, size_t length) {
  for (char *p = records; p < records + length;) {
    char *end;
    size_t whole = strtoul(p, &end, 10);
    if (whole == 0) return;
    char *key = end + 1, *value = strchr(key, '=') + 1;
    size_t bytes = p + whole - 1 - value;
    if (!strncmp(key, "path=", 5)) memcpy(pax.path, value, bytes), pax.path[bytes] = 0;
    else if (!strncmp(key, "linkpath=", 9)) memcpy(pax.link, value, bytes), pax.link[bytes] = 0;
    else if (!strncmp(key, "size=", 5)) pax.size = strtoll(value, NULL, 10);
    else if (!strncmp(key, "uid=", 4)) pax.uid = strtoll(value, NULL, 10);
    else if (!strncmp(key, "gid=", 4)) pax.gid = strtoll(value, NULL, 10);
    else if (!strncmp(key, "mtime=", 6)) {
      pax.seconds = strtoll(value, &end, 10);
      long unit = 100000000;
      pax.nanos = 0;
      if (*end == '.') for (end++; *end >= '0' && *end <= '9' && unit; unit /= 10) pax.nanos += (*end++ - '0') * unit;
    } else if (!strncmp(key, "SCHILY.xattr.", 13) && pax.attributes < 64) {
      value[-1] = 0;
      struct attribute *a = &pax.xattr[pax.attributes++];
      a->name = strdup(key + 13);
      a->value = memcpy(malloc(bytes + 1), value, bytes);
      a->length = bytes;
    }
    p += whole;
  }
}

static void forget_pax(void) {
  for (int i = 0; i < pax.attributes; i++) free(pax.xattr[i].name), free(pax.xattr[i].value);
  pax.path[0] = pax.link[0] = 0;
  pax.size = pax.seconds = pax.uid = pax.gid = -1;
  pax.attributes = 0;
}

struct directory { char *path; struct timespec mtime; };
static struct directory *directories;
static size_t directory_count, directory_room;

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  input = TRY(open(argv[1], O_RDONLY | O_CLOEXEC), argv[1]);
  int root = TRY(open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC), argv[2]);
  TRY(fchdir(root), argv[2]);
  umask(0);
  const uid_t own_uid = geteuid();
  const gid_t own_gid = getegid();
  sha256_begin();
  unsigned char magic[2];
  gzip = TRY(pread(input, magic, 2, 0), argv[1]) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
  if (gzip) gunzip_begin(argc < 4);
  forget_pax();
  unsigned char h[512];
  while (take_block(h) && h[0]) {
    long long size = number(h + 124, 12);
    size_t padded = (size + 511) & ~511LL;
    if (h[156] == 'x' || h[156] == 'g') {
      char *records = malloc(padded + 1);
      for (size_t n = 0, got; n < padded; n += got) {
        unsigned char *p = take(padded - n, &got);
        if (got == 0) fail("short archive", NULL);
        memcpy(records + n, p, got);
      }
      if (h[156] == 'x') parse_pax(records, size);
      free(records);
      continue;
    }
    char name[4096], link[4096];
    if (pax.path[0]) strcpy(name, pax.path);
    else if (!memcmp(h + 257, "ustar", 5) && h[345]) snprintf(name, sizeof name, "%.155s/%.100s", h + 345, h);
    else snprintf(name, sizeof name, "%.100s", h);
    if (pax.link[0]) strcpy(link, pax.link);
    else snprintf(link, sizeof link, "%.100s", h + 157);
    if (pax.size >= 0) size = pax.size, padded = (size + 511) & ~511LL;
    mode_t mode = number(h + 100, 8) & 07777;
    uid_t uid = pax.uid >= 0 ? pax.uid : number(h + 108, 8);
    gid_t gid = pax.gid >= 0 ? pax.gid : number(h + 116, 8);
    struct timespec times[2] = {{0, UTIME_OMIT}, {pax.seconds >= 0 ? pax.seconds : number(h + 136, 12), pax.seconds >= 0 ? pax.nanos : 0}};
    size_t length = strlen(name);
    while (length > 1 && name[length - 1] == '/') name[--length] = 0;
    int owned = uid == own_uid && gid == own_gid;
    switch (h[156]) {
    case '5':
      if (strcmp(name, ".")) TRY(mkdir(name, mode), name);
      if (!owned) TRY(chown(name, uid, gid), name);
      for (int i = 0; i < pax.attributes; i++) TRY(setxattr(name, pax.xattr[i].name, pax.xattr[i].value, pax.xattr[i].length, 0), name);
      if (directory_count == directory_room) directories = realloc(directories, (directory_room = directory_room * 2 + 64) * sizeof *directories);
      directories[directory_count++] = (struct directory){strdup(name), times[1]};
      break;
    case '1': TRY(link[0] == '/' ? linkat(AT_FDCWD, link + 1, AT_FDCWD, name, 0) : linkat(AT_FDCWD, link, AT_FDCWD, name, 0), name); break;
    case '2':
      TRY(symlink(link, name), name);
      if (!owned) TRY(lchown(name, uid, gid), name);
      TRY(utimensat(AT_FDCWD, name, times, AT_SYMLINK_NOFOLLOW), name);
      break;
    case '3': case '4': case '6':
      TRY(mknod(name, mode | (h[156] == '3' ? S_IFCHR : h[156] == '4' ? S_IFBLK : S_IFIFO), makedev(number(h + 329, 8), number(h + 337, 8))), name);
      if (!owned) TRY(lchown(name, uid, gid), name);
      TRY(utimensat(AT_FDCWD, name, times, AT_SYMLINK_NOFOLLOW), name);
      break;
    default: {
      int fd = TRY(open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode), name);
      size_t left = size;
      for (size_t got; left > 0; left -= got) {
        unsigned char *p = take(left, &got);
        if (got == 0) fail("short archive", name);
        for (size_t done = 0; done < got;) done += TRY(write(fd, p + done, got - done), name);
      }
      if (!owned) TRY(fchown(fd, uid, gid), name);
      if (mode & 07000) TRY(fchmod(fd, mode), name);
      for (int i = 0; i < pax.attributes; i++) TRY(fsetxattr(fd, pax.xattr[i].name, pax.xattr[i].value, pax.xattr[i].length, 0), name);
      TRY(futimens(fd, times), name);
      close(fd);
      skip(padded - size);
    }
    }
    forget_pax();
  }
  for (size_t got = 1; got > 0;) take(PIECE, &got);
  while (directory_count-- > 0) {
    struct timespec times[2] = {{0, UTIME_OMIT}, directories[directory_count].mtime};
    TRY(utimensat(AT_FDCWD, directories[directory_count].path, times, 0), directories[directory_count].path);
  }
  TRY(syncfs(root), argv[2]);
  sha256_print();
  return 0;
}
