#!/bin/sh
# Compile the two lock files: versions and hashes of everything, no address of any index.
# Run it with the oldest Python that the project supports: newer ones need no more than it does.
set -eu
python=$1
"$python" -c 'import sys; sys.exit("use Python 3.11: later ones leave out what it needs" if sys.version_info[:2] != (3, 11) else 0)'
compile() {
  CUSTOM_COMPILE_COMMAND="make lock" PIP_FIND_LINKS="" "$python" -m piptools compile --quiet --generate-hashes \
    --allow-unsafe --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options \
    --build-deps-for editable "$@" pyproject.toml
}
compile --output-file requirements.txt
compile --extra dev --constraint requirements.txt --output-file requirements-dev.txt
