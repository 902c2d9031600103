/* sha256 from the system's libcrypto (Node's own is the same library), without needing its headers. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

static void *digest;
static int (*digest_update)(void *, const void *, size_t);
static int (*digest_final)(void *, unsigned char *, unsigned *);

static void sha256_begin(void) {
  void *lib = dlopen("libcrypto.so.3", RTLD_NOW);
  if (!lib) lib = dlopen("libcrypto.so.1.1", RTLD_NOW);
  if (!lib) { fprintf(stderr, "no libcrypto: %s\n", dlerror()); exit(3); }
  void *(*create)(void) = dlsym(lib, "EVP_MD_CTX_new");
  int (*init)(void *, const void *, void *) = dlsym(lib, "EVP_DigestInit_ex");
  const void *(*sha256)(void) = dlsym(lib, "EVP_sha256");
  digest_update = dlsym(lib, "EVP_DigestUpdate");
  digest_final = dlsym(lib, "EVP_DigestFinal_ex");
  if (!create || !init || !sha256 || !digest_update || !digest_final) { fprintf(stderr, "libcrypto lacks EVP\n"); exit(3); }
  digest = create();
  init(digest, sha256(), NULL);
}

static void sha256_print(void) {
  unsigned char sum[32];
  unsigned length = 0;
  digest_final(digest, sum, &length);
  for (unsigned i = 0; i < length; i++) printf("%02x", sum[i]);
  printf("\n");
}
