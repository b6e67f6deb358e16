#!/bin/sh
# Runs one command and dies with whoever started it: the starter holds this script's standard input open and
# never writes to it, so that its end (also by kill -9) shows as end of file. POSIX sh: Linux and macOS.
#   launch.sh GRACE COMMAND [ARGUMENT...]     GRACE: seconds between SIGTERM and SIGKILL
grace=$1
shift
exec 3<&0 </dev/null

"$@" 3<&- &
child=$!

# Whoever watches the pipe must outlive a SIGTERM to the group, or a crash during a stop would leave the child.
(
  trap '' TERM INT HUP
  read -r _ <&3
  kill -TERM "$child" 2>/dev/null
  left=$grace
  while [ "$left" -gt 0 ] && kill -0 "$child" 2>/dev/null; do
    sleep 1 3<&-
    left=$((left - 1))
  done
  kill -KILL 0 # the whole group: children of the command, this script, this watcher
) &
watcher=$!
exec 3<&-

# The group gets the signals; this script only waits until the command has really ended.
trap : TERM INT HUP
wait "$child" 2>/dev/null
code=$?
while kill -0 "$child" 2>/dev/null; do
  wait "$child" 2>/dev/null
  code=$?
done
kill -KILL "$watcher" 2>/dev/null
exit "$code"
