#!/bin/bash
# build-deb.sh BINARY OUTDIR: packs what "make install DESTDIR=" leaves into OUTDIR/copytaster_VERSION_ARCH.deb, and, if
# copytaster-reader lies beside BINARY, the program that reads formats into OUTDIR/copytaster-formats_VERSION_ARCH.deb.
#
# Promise: the package depends on the libraries that the binary needs, in the versions it needs (dpkg-shlibdeps), takes
# nothing from the network, and is the same for the same input (SOURCE_DATE_EPOCH, else the last commit's time).
# Needs dpkg-dev. The version is the one that the binary reports, or VERSION from the environment; DEB_COMPRESSION is
# dpkg-deb's, such as "gzip -z1" for a test that is in a hurry.
set -euo pipefail
[[ $# == 2 ]] || { echo "usage: build-deb.sh BINARY OUTDIR" >&2; exit 64; }
binary=$(realpath -e "$1") out=$(realpath -m "$2")
deploy=$(dirname "$(realpath -e "$0")")
command -v dpkg-shlibdeps >/dev/null || { echo "build-deb.sh: dpkg-shlibdeps is missing: apt-get install dpkg-dev" >&2; exit 69; }

version=${VERSION:-$("$binary" --version)}
[[ $version =~ ^[0-9][0-9A-Za-z.+~-]*$ ]] || { echo "build-deb.sh: '$version' is not a version" >&2; exit 65; }
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$deploy" log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH
arch=$(dpkg --print-architecture)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
tree=$work/tree
umask 022

make --no-print-directory -s -f "$deploy/install.mk" install DESTDIR="$tree" PREFIX=/usr BINARY="$binary"
strip --strip-unneeded "$tree/usr/bin/copytaster"
gzip -9n "$tree"/usr/share/man/man*/*

# The program that links libraries in C is a package of its own.
formats=$work/formats
if [[ -e $tree/usr/libexec/copytaster/copytaster-reader ]]; then
  mkdir -p "$formats/usr/share/man"
  mv "$tree/usr/libexec" "$formats/usr/libexec"
  mv "$tree/usr/share/man/man8" "$formats/usr/share/man/man8"
  strip --strip-unneeded "$formats/usr/libexec/copytaster/copytaster-reader"
fi

# dpkg-shlibdeps wants a source tree's debian/control; this much of one is enough.
mkdir -p "$work/source/debian"
printf 'Source: copytaster\n\nPackage: copytaster\nArchitecture: any\n' > "$work/source/debian/control"
mkdir -p "$out"
read -ra compression <<< "${DEB_COMPRESSION:-xz}"

# pack NAME TREE PROGRAM CONTROL: the package of what lies in TREE, with the libraries that PROGRAM needs.
pack() {
  local name=$1 tree=$2 program=$3 control=$4 libraries doc=$2/usr/share/doc/$1 script
  install -D -m 644 "$deploy/debian/copyright" "$doc/copyright"
  printf '%s (%s) unstable; urgency=medium\n\n  * See CHANGELOG.md in the source.\n\n -- %s  %s\n' \
    "$name" "$version" "Copytaster maintainers <copytaster@localhost>" "$(date -uR -d "@$SOURCE_DATE_EPOCH")" |
    gzip -9n > "$doc/changelog.gz"
  libraries=$(cd "$work/source" && dpkg-shlibdeps -O -e"$tree/$program" 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
  [[ $libraries ]] || { echo "build-deb.sh: dpkg-shlibdeps found no libraries of $program" >&2; exit 70; }
  mkdir "$tree/DEBIAN"
  sed -e "s/@VERSION@/$version/" -e "s/@ARCH@/$arch/" -e "s/@LIBRARIES@/$libraries/" \
    -e "s/@SIZE@/$(du -k -s --exclude=DEBIAN "$tree" | cut -f1)/" "$deploy/debian/$control" > "$tree/DEBIAN/control"
  if [[ $name == copytaster ]]; then
    echo /etc/copytaster/copytaster.conf > "$tree/DEBIAN/conffiles"
    install -m 644 "$deploy/debian/templates" "$tree/DEBIAN/templates"
    for script in preinst postinst prerm postrm; do
      [[ -e $deploy/debian/$script ]] && install -m 755 "$deploy/debian/$script" "$tree/DEBIAN/$script"
    done
  fi
  (cd "$tree" && find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 md5sum > DEBIAN/md5sums)
  find "$tree" -newermt "@$SOURCE_DATE_EPOCH" -print0 | xargs -0r touch --no-dereference --date="@$SOURCE_DATE_EPOCH"
  dpkg-deb --root-owner-group "-Z${compression[0]}" "${compression[@]:1}" --build "$tree" "$out/${name}_${version}_$arch.deb" >/dev/null
  echo "$out/${name}_${version}_$arch.deb"
}

pack copytaster "$tree" usr/bin/copytaster control
[[ ! -d $formats ]] || pack copytaster-formats "$formats" usr/libexec/copytaster/copytaster-reader control-formats
