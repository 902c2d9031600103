/* gzip of one member by the library that copyup uses: ISA-L where it is installed, else zlib; without needing the headers of either. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* igzip_lib.h, the same from ISA-L 2.24 to 2.32. */
struct isal_state {
  unsigned char *next_out;
  uint32_t avail_out, total_out;
  unsigned char *next_in;
  uint64_t read_in;
  uint32_t avail_in;
  int32_t read_in_length;
  char tables[21120];
  int32_t block_state;
  uint32_t dict_length, bfinal, crc_flag;
  char rest[87368 - 21176];
};
/* zlib.h */
struct zlib_state {
  const unsigned char *next_in;
  unsigned avail_in;
  unsigned long total_in;
  unsigned char *next_out;
  unsigned avail_out;
  unsigned long total_out;
  const char *msg;
  void *state, *zalloc, *zfree, *opaque;
  int data_type;
  unsigned long adler, reserved;
};

static struct isal_state isal;
static struct zlib_state zlib;
static int (*isal_inflate)(struct isal_state *), (*zlib_inflate)(struct zlib_state *, int);
static unsigned char compressed[1 << 20];
static int gunzip_ended;

static void gunzip_begin(int library_wanted) {
  void *library = library_wanted ? dlopen("libisal.so.2", RTLD_NOW) : NULL;
  if (library) {
    void (*reset)(struct isal_state *) = dlsym(library, "isal_inflate_reset");
    isal_inflate = dlsym(library, "isal_inflate");
    if (!reset || !isal_inflate) { fprintf(stderr, "libisal lacks inflate\n"); exit(3); }
    reset(&isal);
    isal.crc_flag = 1; /* ISAL_GZIP: header and trailer too */
    return;
  }
  library = dlopen("libz.so.1", RTLD_NOW);
  if (!library) { fprintf(stderr, "no libz: %s\n", dlerror()); exit(3); }
  int (*init)(struct zlib_state *, int, const char *, int) = dlsym(library, "inflateInit2_");
  zlib_inflate = dlsym(library, "inflate");
  if (!init || !zlib_inflate || init(&zlib, 15 + 16, "1.2.11", sizeof zlib)) { fprintf(stderr, "libz cannot inflate\n"); exit(3); }
}

/* The next uncompressed bytes; 0 at the end. */
static size_t gunzip_read(int input, unsigned char *out, size_t room) {
  size_t made = 0;
  while (made == 0 && !gunzip_ended) {
    unsigned *left = isal_inflate ? &isal.avail_in : &zlib.avail_in;
    if (*left == 0) {
      long got = TRY(read(input, compressed, sizeof compressed), "archive");
      if (got == 0) fail("truncated gzip", NULL);
      *left = got;
      isal.next_in = compressed, zlib.next_in = compressed;
    }
    int rc;
    if (isal_inflate) {
      isal.next_out = out, isal.avail_out = room;
      rc = isal_inflate(&isal);
      made = room - isal.avail_out;
      gunzip_ended = isal.block_state == 5; /* ISAL_BLOCK_FINISH */
      if (rc != 0) fail("damaged gzip", NULL);
    } else {
      zlib.next_out = out, zlib.avail_out = room;
      rc = zlib_inflate(&zlib, 0);
      made = room - zlib.avail_out;
      gunzip_ended = rc == 1; /* Z_STREAM_END */
      if (rc != 0 && rc != 1 && rc != -5) fail("damaged gzip", zlib.msg);
    }
  }
  return made;
}
