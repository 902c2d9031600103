/**
 * The part of every script that stays the same. POSIX sh with coreutils, findutils, diff and attr; it mounts only through the
 * command. `$work/model` is the plain directory, `$work/mount` the driver's.
 */
export const PREAMBLE = String.raw`set -u
: "${"$"}{COPYUP:=copyup}" "${"$"}{DRIVER:=@DRIVER@}"
case $COPYUP in */*) COPYUP=$(cd "$(dirname "$COPYUP")" && pwd)/$(basename "$COPYUP") ;; esac
# On a filesystem that can hold the driver's layers: WORK=/var/tmp, say.
work=$(mktemp -d "${"$"}{WORK:-${"$"}{TMPDIR:-/tmp}}/copyup-replay-XXXXXX") || exit 2
mkdir "$work/model" "$work/mount" "$work/view"
start=$(date +%s) differs=0 id='' parent='' copy='' fresh=''

copyup() { "$COPYUP" --root "$work/store$fresh" --driver "$DRIVER" --quiet "$@"; }
finish() {
  fresh=''
  copyup umount "$work/mount" >/dev/null 2>&1
  copyup umount "$work/view" >/dev/null 2>&1
  fresh=-fresh
  copyup umount "$work/view" >/dev/null 2>&1
  if mountpoint -q "$work/mount" || mountpoint -q "$work/view"; then echo "still mounted: $work"; else rm -rf "$work"; fi
}
trap finish EXIT
differ() { echo "DIFFERS: $*"; differs=1; }

# What a tree shows. A time of this run is "now": the two sides are edited one after the other.
look() (
  cd "$1" && LC_ALL=C && export LC_ALL || exit
  find . -print0 | sort -z | xargs -0 stat -c '%F %a %u:%g %t:%T %n'
  find . -type f -print0 | sort -z | xargs -0 -r cksum
  find . -type l -printf '%p -> %l\0' | sort -z | tr '\n\0' '?\n'
  find . -printf '%T@ %p\0' | sort -z -k 2 | tr '\n\0' '?\n' |
    awk -v start="$start" '{ if ($1 >= start && $1 < start + 86400) $1 = "now"; print "mtime " $0 }'
  find . -print0 | sort -z | xargs -0 getfattr -h -d -e hex -m '^(user|trusted|system)\.|^security\.capability' -- 2>&1
)
# Which names are one file.
links() (
  cd "$1" && LC_ALL=C && export LC_ALL || exit
  find . ! -type d -printf '%i %p\0' | sort -z -k 2 | tr '\n\0' '?\n' |
    awk '{ if (!($1 in seen)) seen[$1] = ++n; $1 = "file " seen[$1]; print }'
)
same() { # WHAT FILE FILE
  diff -u "$2" "$3" >"$work/diff" || { differ "$1"; sed 's/^/  /' "$work/diff"; }
}
compare() { # WHAT: the mount must be as the model is
  { look "$work/model"; links "$work/model"; } >"$work/model.txt"
  { look "$work/mount"; links "$work/mount"; } >"$work/mount.txt"
  same "$1" "$work/model.txt" "$work/mount.txt"
}
on_both() { for side in model mount; do (cd "$work/$side" && "$1") 2>>"$work/errors"; done; }
told() { echo "$1: $([ "$2" = 0 ] && echo done || echo refused)" >>"$work/$side.log"; }

begin() {
  id=$(copyup layer create ${"$"}{parent:+--parent "$parent"} | tail -n 1)
  copyup mount "$id" "$work/mount" >/dev/null || differ "the layer cannot be mounted"
}
remount() {
  copyup umount "$work/mount" && copyup mount "$id" "$work/mount" >/dev/null || differ "the layer cannot be mounted again"
  compare "after a remount"
}
commit() {
  copyup umount "$work/mount" || differ "the layer cannot be unmounted"
  parent=$(copyup layer commit "$id" | tail -n 1)
  copyup mount --ro "$parent" "$work/mount" >/dev/null || differ "the committed layer cannot be mounted"
  compare "the committed layer"
  copyup umount "$work/mount"
  { look "$work/model"; links "$work/model"; } >"$work/committed.txt"
}
view() { # the parent, while the layer above it is written
  copyup mount --ro "$parent" "$work/view" >/dev/null || differ "the parent cannot be mounted"
  { look "$work/view"; links "$work/view"; } >"$work/view.txt"
  same "the parent's view" "$work/committed.txt" "$work/view.txt"
  copyup umount "$work/view"
}
apply() { # the exported layer in a store that knows nothing of it
  copyup layer diff "$parent" -o "$work/layer.tar" || differ "the layer cannot be exported"
  fresh=-fresh
  copy=$(copyup layer apply ${"$"}{copy:+--parent "$copy"} "$work/layer.tar" | tail -n 1)
  copyup mount --ro "$copy" "$work/view" >/dev/null || differ "the applied layer cannot be mounted"
  look "$work/model" >"$work/model.txt"
  look "$work/view" >"$work/view.txt"
  same "the layer applied to a fresh store" "$work/model.txt" "$work/view.txt"
  copyup umount "$work/view"
  copyup layer diff "$copy" -o "$work/again.tar" && cmp "$work/layer.tar" "$work/again.tar" ||
    differ "the applied layer, exported again"
  fresh=''
}
refused() { copyup layer diff "$id" -o "$work/layer.tar" 2>/dev/null && differ "the diff was not refused: $1"; }

exists() { [ -e "$1" ] || [ -h "$1" ]; }
is_file() { [ -f "$1" ] && [ ! -h "$1" ]; }
fill() { head -c "$1" /dev/zero | tr '\0' "$2"; }
put() { # PATH OFFSET SIZE LETTER [trunc]
  keep=notrunc,
  [ "${"$"}{5:-}" = trunc ] && keep=
  is_file "$1" && fill "$3" "$4" |
    dd of="$1" bs=1M iflag=fullblock oflag=seek_bytes seek="$2" conv="${"$"}{keep}nocreat" status=none
}
held() { # DESCRIPTOR TEXT
  printf %s "$2" | dd bs=4 oflag=seek_bytes seek=1 conv=notrunc status=none >&"$1"
  cksum <&"$1" >>"$work/$side.log"
}
# mv --exchange is new (coreutils 9.5); without it the names are swapped one by one.
exchange() {
  mv --exchange -T "$1" "$2" 2>/dev/null || { mv -fT "$1" ./.swap && mv -fT "$2" "$1" && mv -fT ./.swap "$2"; }
}
# What the driver declares, done to the model: the name becomes a file of its own, its directory's time stays.
own_file() {
  [ "$side" = model ] || return 0
  touch -r "${"$"}{1%/*}" "$work/reference" && cp -a "$1" "$work/own" && mv -fT "$work/own" "$1"
  touch -r "$work/reference" "${"$"}{1%/*}"
}
`;
