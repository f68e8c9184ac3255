#!/bin/sh
# What the project needs from the machine. Installs by apt where that is allowed (root, Debian or Ubuntu); elsewhere it
# says in one sentence which command to run.
#   system.sh python   print a Python 3.11 to 3.13 that can make virtual environments
#   system.sh java     see that Java 17 (or later) is there
#   system.sh jdk      see that a Java compiler is there (the tests compile the producer in Java)
#   system.sh maven    see that Maven is there
set -eu

install_packages() { # what for, then package names: the first that exists is taken
  what=$1; shift
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "$what is missing: install it (Debian, Ubuntu: sudo apt-get install $1), then run make again." >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  echo "$what is missing; installing it by apt ..." >&2
  for package in "$@"; do
    if apt-get install -y -qq --no-install-recommends "$package" >&2 </dev/null; then return 0; fi
    apt-get update -qq >&2 </dev/null || true
    if apt-get install -y -qq --no-install-recommends "$package" >&2 </dev/null; then return 0; fi
  done
  echo "apt could not install $what (tried: $*): install it by hand, then run make again." >&2
  exit 1
}

suits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1; }

find_python() {
  for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
    if suits "$candidate"; then echo "$candidate"; return 0; fi
  done
  return 1
}

java_suits() {
  command -v java >/dev/null 2>&1 || return 1
  release=$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)
  [ "${release:-0}" -ge 17 ]
}

case ${1:-} in
  python)
    if [ -n "${PYTHON:-}" ] && ! suits "$PYTHON"; then
      echo "PYTHON is $PYTHON, which is not a Python 3.11 to 3.13: set it to one, or leave it out." >&2
      exit 1
    fi
    if ! python=$(find_python); then
      install_packages "Python 3.11 to 3.13" python3.13 python3.12 python3.11
      python=$(find_python)
    fi
    if ! "$python" -c 'import ensurepip' >/dev/null 2>&1; then
      version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
      install_packages "Python's venv module" "python$version-venv" python3-venv
    fi
    echo "$python"
    ;;
  java) java_suits || install_packages "Java 17" openjdk-17-jre-headless default-jre-headless ;;
  jdk) command -v javac >/dev/null 2>&1 || install_packages "A Java compiler" openjdk-17-jdk-headless default-jdk-headless ;;
  maven) command -v mvn >/dev/null 2>&1 || install_packages "Maven" maven ;;
  *) echo "usage: system.sh python|java|jdk|maven" >&2; exit 2 ;;
esac
