#!/bin/sh
# Installs litellm-ls for you alone, without root: the program, its manual and completions for your shell.
#
#   sh install.sh                    into ~/.local
#   sh install.sh --prefix FOLDER    into FOLDER/bin and FOLDER/share
#   sh install.sh --from PLACE       takes the archive and SHA256SUMS from PLACE, a folder or an address
#   sh install.sh --uninstall        takes out what it has put there; settings and conversations stay
#
# What is downloaded is held to its SHA-256 sum before anything of it is used.
set -eu

version=''
from=''
prefix=$HOME/.local
uninstall=''

fail() {
  echo "install.sh: $1" >&2
  exit 1
}

while [ $# -gt 0 ]; do
  case $1 in
    --prefix | --from)
      [ $# -ge 2 ] || fail "write a value behind $1"
      if [ "$1" = --prefix ]; then prefix=$2; else from=$2; fi
      shift
      ;;
    --uninstall) uninstall=yes ;;
    -h | --help)
      sed -n '2,/^$/s/^# \{0,1\}//p; /^set -eu/q' "$0"
      exit
      ;;
    *) fail "there is no option $1: --help shows those there are" ;;
  esac
  shift
done
case $prefix in /*) ;; *) prefix=$PWD/$prefix ;; esac
# What was put there: files, then the folders that were made for them, from the outermost to the innermost.
list=$prefix/share/litellm-ls/installed

remove() {
  while IFS= read -r path; do
    case $path in */) ;; *) rm -f "$path" ;; esac
  done <"$list"
  # From the innermost, and none that has something else in it.
  made=$(sed -n '/\/$/p' "$list" | sort -r)
  rm -f "$list"
  printf '%s\n' "$made" | while IFS= read -r path; do
    [ -z "$path" ] || rmdir "$path" 2>/dev/null || true
  done
}

if [ -n "$uninstall" ]; then
  [ -f "$list" ] || fail "nothing was installed below $prefix: name another place with --prefix"
  remove
  echo "litellm-ls is gone from $prefix. Your settings and conversations are still there."
  exit
fi

case $(uname -s) in
  Linux) system=linux ;;
  Darwin) system=macos ;;
  *) fail "there is no archive for $(uname -s): build it with Rust, as README.md shows" ;;
esac
case $(uname -m) in
  x86_64 | amd64) cpu=x86_64 ;;
  aarch64 | arm64) cpu=aarch64 ;;
  *) fail "there is no archive for $(uname -m): build it with Rust, as README.md shows" ;;
esac
name=litellm-ls-$version-$cpu-$system
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Brings a file into the folder of work.
bring() {
  case $from in
    *://*)
      if command -v curl >/dev/null; then
        curl -fsSL --proto-redir '=https' -o "$work/$1" "$from/$1" || fail "$from/$1 can't be downloaded"
      elif command -v wget >/dev/null; then
        wget -q -O "$work/$1" "$from/$1" || fail "$from/$1 can't be downloaded"
      else
        fail "install curl or wget, or download $from/$1 and SHA256SUMS and use --from FOLDER"
      fi
      ;;
    *) cp "$from/$1" "$work/$1" || fail "put $1 into $from, or name another place with --from" ;;
  esac
}

[ -n "$from" ] || from=$(dirname "$0")
bring SHA256SUMS
bring "$name.tar.gz"
wanted=$(awk -v name="$name.tar.gz" '$2 == name { print $1 }' "$work/SHA256SUMS")
[ -n "$wanted" ] || fail "SHA256SUMS has no sum of $name.tar.gz: get both from the same release"
if command -v sha256sum >/dev/null; then
  found=$(sha256sum "$work/$name.tar.gz")
elif command -v shasum >/dev/null; then
  found=$(shasum -a 256 "$work/$name.tar.gz")
else
  fail "install sha256sum or shasum, without which the archive can't be checked"
fi
[ "${found%% *}" = "$wanted" ] || fail "$name.tar.gz is not the file that was released: download it again, and tell us if it stays so"
tar -xzf "$work/$name.tar.gz" -C "$work"
"$work/$name/litellm-ls" --version >/dev/null || fail "the program does not run on this system"

# Notes a folder that is made here, so that it can be taken out again, and makes it.
folder() {
  [ -d "$1" ] && return
  folder "$(dirname "$1")"
  mkdir "$1"
  echo "$1/" >>"$work/installed"
}

# Puts a file there. The new one takes the place of an old one in one step, also while that is running.
put() {
  folder "$(dirname "$2")"
  cp "$1" "$2.new"
  chmod "$3" "$2.new"
  mv "$2.new" "$2"
  echo "$2" >>"$work/installed"
}

# The folders that an earlier version made are still ours; its files are removed only where this one has them no more.
: >"$work/installed"
if [ -f "$list" ]; then
  cp "$list" "$work/before"
  sed -n '/\/$/p' "$work/before" >>"$work/installed"
fi
folder "$(dirname "$list")"
put "$work/$name/litellm-ls" "$prefix/bin/litellm-ls" 755
for page in "$work/$name"/man/*.1; do
  put "$page" "$prefix/share/man/man1/$(basename "$page")" 644
done
put "$work/$name/completions/litellm-ls.bash" "$prefix/share/bash-completion/completions/litellm-ls" 644
put "$work/$name/completions/litellm-ls.zsh" "$prefix/share/zsh/site-functions/_litellm-ls" 644
put "$work/$name/completions/litellm-ls.fish" "$prefix/share/fish/vendor_completions.d/litellm-ls.fish" 644
for licence in LICENSE-MIT LICENSE-APACHE NOTICE THIRD-PARTY; do
  put "$work/$name/$licence" "$prefix/share/litellm-ls/$licence" 644
done
if [ -f "$work/before" ]; then
  grep -vxFf "$work/installed" "$work/before" | while IFS= read -r path; do rm -f "$path"; done
fi
cp "$work/installed" "$list.new"
mv "$list.new" "$list"

echo "litellm-ls $version is in $prefix/bin. See it work: litellm-ls try"
case :$PATH: in
  *":$prefix/bin:"*) ;;
  *) echo "Add it to your PATH first: export PATH=\"$prefix/bin:\$PATH\"" ;;
esac
