#!/bin/sh
# Makes the pages of a Doxyfile. A warning is an error; only members whose names say all, typedefs of
# documented structures and macros need no comment. usage: docs.sh DOXYGEN DOXYFILE
log=$("$1" "$2" 2>&1 | grep -Ev 'Member .*\((variable|enumvalue|typedef|macro definition)\) of .* is not documented')
[ -z "$log" ] && exit 0
echo "$log" >&2
exit 1
