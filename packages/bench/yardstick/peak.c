/* Runs a program and writes the largest resident set of it and its children into a file, in KiB. peak FILE PROGRAM [WORD...] */
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "fail.h"

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  int status;
  struct rusage usage;
  pid_t pid = TRY(fork(), argv[2]);
  if (pid == 0) {
    execvp(argv[2], argv + 2);
    fail("cannot start", argv[2]);
  }
  TRY(wait4(pid, &status, 0, &usage), argv[2]);
  FILE *answer = fopen(argv[1], "w");
  if (!answer || fprintf(answer, "%ld\n", usage.ru_maxrss) < 0 || fclose(answer)) fail("cannot write", argv[1]);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
