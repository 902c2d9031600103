/** A root filesystem in small, with what engines stumble over. */
export const BASE_TREE = `
mkdir -p bin etc d/sub gone op/in was-dir 'odd name' empty
cp /bin/busybox bin/ 2>/dev/null || cp /bin/true bin/busybox
ln -s busybox bin/sh; ln bin/busybox bin/ls
echo one > d/one; echo two > d/sub/two; echo x > gone/x; echo low > op/in/low; echo f > was-file
echo h > h1; ln h1 h2; echo old > was-dir/old; ln -s d/one link; ln -s /nowhere dangling
chmod 4711 d/one; chown 1000:1001 d/sub/two; chmod 1777 empty; mkfifo fifo; mknod null c 1 3
setfattr -n user.k -v v d/one; setcap cap_net_raw+ep bin/busybox 2>/dev/null || true
setfacl -m u:7:r d/sub/two 2>/dev/null || true
printf '\\303\\244' > "$(printf 'odd name/\\303\\244')"; truncate -s 1M d/sparse; head -c 300000 /dev/urandom > d/large
find . -exec touch -h -d "2021-02-03T04:05:06.123456789Z" {} +`;

/** A FUSE mount may show another time than the one that lies below it, until it is set. */
export const DATED = `find . -newermt 2024-01-01 -exec touch -h -d "2022-03-04T05:06:07.5Z" {} +`;

/** What a container does to it, in its root. */
export const EDITS = `
rm -r gone op h2; mkdir op; echo new > op/new; rm was-file; mkdir was-file; echo in > was-file/in
rm -r was-dir; echo now > was-dir; mv d e; echo more >> e/one; ln h1 h3; ln e/large e/large2; chmod 700 empty
setfattr -n user.new -v w etc; rm dangling; echo c > c
${DATED}`;
