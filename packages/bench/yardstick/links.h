/* Which inodes with several names were seen, and the first name of each. */
#include <sys/stat.h>

struct seen { dev_t dev; ino_t ino; char *name; };
static struct seen *seen;
static size_t seen_count, seen_room;

static const char *first_name(const struct stat *st, const char *name) {
  if (st->st_nlink < 2 || S_ISDIR(st->st_mode)) return NULL;
  if (seen_count * 2 >= seen_room) {
    struct seen *old = seen;
    size_t old_room = seen_room;
    seen = calloc(seen_room = seen_room * 2 + 1024, sizeof *seen);
    for (size_t i = 0; i < old_room; i++)
      if (old[i].name) {
        size_t at = (old[i].ino * 0x9e3779b97f4a7c15ULL >> 20) % seen_room;
        while (seen[at].name) at = (at + 1) % seen_room;
        seen[at] = old[i];
      }
    free(old);
  }
  size_t at = (st->st_ino * 0x9e3779b97f4a7c15ULL >> 20) % seen_room;
  for (; seen[at].name; at = (at + 1) % seen_room)
    if (seen[at].ino == st->st_ino && seen[at].dev == st->st_dev) return seen[at].name;
  seen[at] = (struct seen){st->st_dev, st->st_ino, strdup(name)};
  seen_count++;
  return NULL;
}
