import { koffi } from "./koffi.ts";

/**
 * libc through koffi, synchronous. Pointers are numbers (`size_t`), so that no object is made per call: a statx costs about
 * 0.5 µs, an async call 20 to 100 times that. Variadic functions are declared with the arguments we pass (the calling
 * conventions of x86-64 and arm64 Linux pass those alike).
 */
let libc6: ReturnType<ReturnType<typeof koffi>["load"]> | undefined;

/** A function of libc, looked up at its first call: a command uses a tenth of those declared here. */
function find(prototype: string) {
  libc6 ??= koffi().load("libc.so.6");
  return libc6.func(prototype);
}

type Call = (...args: number[]) => number;

// Right only if read before any other call, and lost in `.async` calls.
function minusErrno(): number {
  return -koffi().errno();
}

function declare(prototype: string): Call {
  let call: Call | undefined;
  return (...args) => {
    call ??= find(prototype);
    const result = call(...args);
    return result < 0 ? minusErrno() : result;
  };
}

/** The same without a rest parameter, which costs 100 ns a call, for the hot paths. */
function declare1(prototype: string): (a: number) => number {
  let call: Call | undefined;
  return (a) => {
    call ??= find(prototype);
    const result = call(a);
    return result < 0 ? minusErrno() : result;
  };
}

function declare2(prototype: string): (a: number, b: number) => number {
  let call: Call | undefined;
  return (a, b) => {
    call ??= find(prototype);
    const result = call(a, b);
    return result < 0 ? minusErrno() : result;
  };
}

function declare3(prototype: string): (a: number, b: number, c: number) => number {
  let call: Call | undefined;
  return (a, b, c) => {
    call ??= find(prototype);
    const result = call(a, b, c);
    return result < 0 ? minusErrno() : result;
  };
}

function declare4(prototype: string): (a: number, b: number, c: number, d: number) => number {
  let call: Call | undefined;
  return (a, b, c, d) => {
    call ??= find(prototype);
    const result = call(a, b, c, d);
    return result < 0 ? minusErrno() : result;
  };
}

function declare5(prototype: string): (a: number, b: number, c: number, d: number, e: number) => number {
  let call: Call | undefined;
  return (a, b, c, d, e) => {
    call ??= find(prototype);
    const result = call(a, b, c, d, e);
    return result < 0 ? minusErrno() : result;
  };
}

function declare6(prototype: string): (a: number, b: number, c: number, d: number, e: number, f: number) => number {
  let call: Call | undefined;
  return (a, b, c, d, e, f) => {
    call ??= find(prototype);
    const result = call(a, b, c, d, e, f);
    return result < 0 ? minusErrno() : result;
  };
}

/** Every function returns its result, or minus errno. */
export const libc = {
  openat: declare4("int openat(int dirfd, size_t path, int flags, unsigned int mode)"),
  close: declare1("int close(int fd)"),
  dup3: declare3("int dup3(int fd, int as, int flags)"),
  read: declare3("int64_t read(int fd, size_t buf, size_t count)"),
  write: declare3("int64_t write(int fd, size_t buf, size_t count)"),
  pread: declare4("int64_t pread64(int fd, size_t buf, size_t count, int64_t offset)"),
  pwrite: declare4("int64_t pwrite64(int fd, size_t buf, size_t count, int64_t offset)"),
  lseek: declare3("int64_t lseek64(int fd, int64_t offset, int whence)"),
  ftruncate: declare2("int ftruncate64(int fd, int64_t length)"),
  fallocate: declare4("int fallocate64(int fd, int mode, int64_t offset, int64_t length)"),
  fchmod: declare2("int fchmod(int fd, unsigned int mode)"),
  fchmodat: declare4("int fchmodat(int dirfd, size_t path, unsigned int mode, int flags)"),
  fchown: declare3("int fchown(int fd, unsigned int uid, unsigned int gid)"),
  fchownat: declare5("int fchownat(int dirfd, size_t path, unsigned int uid, unsigned int gid, int flags)"),
  futimens: declare2("int futimens(int fd, size_t times)"),
  utimensat: declare4("int utimensat(int dirfd, size_t path, size_t times, int flags)"),
  mkdirat: declare3("int mkdirat(int dirfd, size_t path, unsigned int mode)"),
  mknodat: declare4("int mknodat(int dirfd, size_t path, unsigned int mode, uint64_t dev)"),
  symlinkat: declare3("int symlinkat(size_t target, int dirfd, size_t path)"),
  linkat: declare5("int linkat(int olddir, size_t oldpath, int newdir, size_t newpath, int flags)"),
  unlinkat: declare3("int unlinkat(int dirfd, size_t path, int flags)"),
  renameat2: declare5("int renameat2(int olddir, size_t oldpath, int newdir, size_t newpath, unsigned int flags)"),
  readlinkat: declare4("int64_t readlinkat(int dirfd, size_t path, size_t buf, size_t size)"),
  statx: declare5("int statx(int dirfd, size_t path, int flags, unsigned int mask, size_t buf)"),
  statfs: declare2("int statfs64(size_t path, size_t buf)"),
  fstatfs: declare2("int fstatfs64(int fd, size_t buf)"),
  fsync: declare("int fsync(int fd)"),
  syncfs: declare("int syncfs(int fd)"),
  clockGettime: declare("int clock_gettime(int clock, size_t time)"),
  flock: declare2("int flock(int fd, int operation)"),
  ioctl: declare3("int ioctl(int fd, uint64_t request, size_t argument)"),
  copyFileRange: declare(
    "int64_t copy_file_range(int in, size_t inoff, int out, size_t outoff, size_t len, unsigned int flags)",
  ),
  getxattr: declare4("int64_t getxattr(size_t path, size_t name, size_t value, size_t size)"),
  lgetxattr: declare4("int64_t lgetxattr(size_t path, size_t name, size_t value, size_t size)"),
  fgetxattr: declare4("int64_t fgetxattr(int fd, size_t name, size_t value, size_t size)"),
  lsetxattr: declare("int lsetxattr(size_t path, size_t name, size_t value, size_t size, int flags)"),
  fsetxattr: declare5("int fsetxattr(int fd, size_t name, size_t value, size_t size, int flags)"),
  llistxattr: declare3("int64_t llistxattr(size_t path, size_t list, size_t size)"),
  flistxattr: declare3("int64_t flistxattr(int fd, size_t list, size_t size)"),
  lremovexattr: declare("int lremovexattr(size_t path, size_t name)"),
  fremovexattr: declare("int fremovexattr(int fd, size_t name)"),
  mount: declare5("int mount(size_t source, size_t target, size_t type, uint64_t flags, size_t data)"),
  umount2: declare2("int umount2(size_t target, int flags)"),
  unshare: declare("int unshare(int flags)"),
  setns: declare("int setns(int fd, int nstype)"),
  execve: declare("int execve(size_t path, size_t argv, size_t envp)"),
  fcntl: declare("int fcntl(int fd, int command, int64_t argument)"),
  pipe2: declare("int pipe2(size_t fds, int flags)"),
  signal: declare("int64_t signal(int number, int64_t handler)"),
  waitpid: declare("int waitpid(int pid, size_t status, int options)"),
  wait4: declare4("int wait4(int pid, size_t status, int options, size_t usage)"),
  /** posix_spawn's family gives the error itself, as a positive number. */
  spawn: declare(
    "int posix_spawnp(size_t pid, size_t file, size_t actions, size_t attributes, size_t argv, size_t envp)",
  ),
  spawnActionsInit: declare1("int posix_spawn_file_actions_init(size_t actions)"),
  spawnActionsDestroy: declare1("int posix_spawn_file_actions_destroy(size_t actions)"),
  spawnActionsDup2: declare3("int posix_spawn_file_actions_adddup2(size_t actions, int fd, int as)"),
  spawnActionsChdir: declare2("int posix_spawn_file_actions_addchdir_np(size_t actions, size_t path)"),
  spawnAttributesInit: declare1("int posix_spawnattr_init(size_t attributes)"),
  spawnAttributesDestroy: declare1("int posix_spawnattr_destroy(size_t attributes)"),
  spawnAttributesFlags: declare2("int posix_spawnattr_setflags(size_t attributes, int16_t flags)"),
  spawnAttributesSigdefault: declare2("int posix_spawnattr_setsigdefault(size_t attributes, size_t set)"),
  chdir: declare("int chdir(size_t path)"),
  fchdir: declare("int fchdir(int fd)"),
  getrusage: declare("int getrusage(int who, size_t usage)"),
  umask: declare("unsigned int umask(unsigned int mask)"),
  prlimit: declare4("int prlimit64(int pid, int resource, size_t next, size_t before)"),
  /** Not on arm64, where the call does not exist: ENOSYS. */
  ustat: (device: number, buf: number) => (process.arch === "x64" ? syscall(136, device, buf, 0, 0, 0) : -38),
  pidfdOpen: (pid: number, flags: number) => syscall(434, pid, flags, 0, 0, 0),
  memfdCreate: declare2("int memfd_create(size_t name, unsigned int flags)"),
  mmap: declare("int64_t mmap(size_t address, size_t length, int protection, int flags, int fd, int64_t offset)"),
  munmap: declare("int munmap(size_t address, size_t length)"),
  sysconf: declare1("int64_t sysconf(int name)"),
  mincore: declare3("int mincore(size_t address, size_t length, size_t pages)"),
  /** Gives the error itself, as a positive number. */
  fadvise: declare4("int posix_fadvise64(int fd, int64_t offset, int64_t length, int advice)"),
  getdents64: (fd: number, buf: number, size: number) => syscall(getdentsNumber(), fd, buf, size, 0, 0),
  openat2: (dirfd: number, path: number, how: number, size: number) => syscall(437, dirfd, path, how, size, 0),
  openTree: (dirfd: number, path: number, flags: number) => syscall(428, dirfd, path, flags, 0, 0),
  moveMount: (fromFd: number, fromPath: number, toFd: number, toPath: number, flags: number) =>
    syscall(429, fromFd, fromPath, toFd, toPath, flags),
  fsopen: (type: number, flags: number) => syscall(430, type, flags, 0, 0, 0),
  fsconfig: (fd: number, command: number, key: number, value: number, aux: number) =>
    syscall(431, fd, command, key, value, aux),
  fsmount: (fd: number, flags: number, attributes: number) => syscall(432, fd, flags, attributes, 0, 0),
  mountSetattr: (dirfd: number, path: number, flags: number, attr: number, size: number) =>
    syscall(442, dirfd, path, flags, attr, size),
} as const;

const rawSyscall = declare6("int64_t syscall(int64_t n, int64_t a, int64_t b, int64_t c, int64_t d, int64_t e)");

/** For what glibc 2.36 has no wrapper. The numbers from 424 on are the same on every architecture. */
function syscall(n: number, a: number, b: number, c: number, d: number, e: number): number {
  return rawSyscall(n, a, b, c, d, e);
}

function getdentsNumber(): number {
  return process.arch === "x64" ? 217 : 61;
}

let syncfsFunction: ReturnType<typeof find> | undefined;

/**
 * Runs in libuv's pool: for the calls that may take seconds. Gives 0 or -1; errno is lost (it is another thread's).
 */
export const background = {
  syncfs(fd: number, done: (error: unknown, result: number) => void): void {
    syncfsFunction ??= find("int syncfs(int fd)");
    syncfsFunction.async(fd, done);
  },
} as const;
