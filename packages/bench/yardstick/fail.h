#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A yardstick that cannot do its work must not be taken for a fast one. */
static void fail(const char *what, const char *name) {
  fprintf(stderr, "%s %s: %s\n", what, name ? name : "", strerror(errno));
  exit(1);
}
#define TRY(call, name) ({ long rc_ = (long)(call); if (rc_ < 0) fail(#call, name); rc_; })
