/* Names of a directory, sorted by their bytes, read with getdents64. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

struct names { char **list; size_t count; };

static int by_bytes(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static struct names names_of(int fd) {
  struct names found = {0};
  size_t room = 0;
  char piece[65536];
  for (long n; (n = TRY(syscall(SYS_getdents64, fd, piece, sizeof piece), "getdents64")) > 0;) {
    for (long at = 0; at < n;) {
      struct { unsigned long long ino, off; unsigned short length; unsigned char type; char name[]; } *entry = (void *)(piece + at);
      at += entry->length;
      if (!strcmp(entry->name, ".") || !strcmp(entry->name, "..")) continue;
      if (found.count == room) found.list = realloc(found.list, (room = room * 2 + 32) * sizeof(char *));
      found.list[found.count++] = strdup(entry->name);
    }
  }
  qsort(found.list, found.count, sizeof(char *), by_bytes);
  return found;
}

static void free_names(struct names names) {
  for (size_t i = 0; i < names.count; i++) free(names.list[i]);
  free(names.list);
}
