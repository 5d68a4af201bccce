#!/bin/sh
# Claude Code runs this at its events as `sh hook.sh <its pid> <event>`, with a JSON object on standard input. The object
# becomes one file in `inbox/`, after three lines: the pid, the host that the pid belongs to, and the session that this
# terminal recovers. Nothing is printed, because Claude Code would act on it, and each further process would cost Claude
# Code a millisecond at each event.
umask 077
exec >/dev/null 2>&1
root=${0%/*}

# A tool's input and response may have megabytes. What tells them apart comes first.
case $2 in
PreToolUse | PostToolUse | PostToolUseFailure) most=16384 ;;
*) most=65536 ;;
esac

if read -r id </proc/sys/kernel/random/uuid && read -r host </proc/sys/kernel/hostname; then
  draft=$root/inbox/.$$-$id
  # As in the link /proc/self/ns/pid, which only another process could read.
  while read -r key value; do
    [ "$key" = ino: ] && space="pid:[$value]"
  done 3</proc/self/ns/pid </proc/self/fdinfo/3
  host=$host/${space-$(readlink /proc/self/ns/pid)}
else
  draft=$(mktemp "$root/inbox/.$$-XXXXXXXXXX")
  host=$(hostname)
fi

{
  printf '%s\n' "$1" "$host" "${CLAUDE_PROJECTS_SESSION%%[!A-Za-z0-9-]*}" && head -c "$most"
} >"$draft" && mv "$draft" "$root/inbox/${draft##*/.}"

if [ "$2" = SessionStart ]; then
  find "$root/inbox" "$root/sessions" -type f \( -name '[0-9]*' -o -name '.[0-9]*' \) -mtime +6 -exec rm -f {} +
  find "$root/sessions"/* -prune -mtime +29 -exec rm -rf {} +
  (cd "$root/inbox" && ls -t | tail -n +5001 | xargs rm -f)
  (cd "$root/sessions" && ls -t | tail -n +501 | xargs rm -rf)
fi

# Claude Code may still be writing, and must not find the pipe closed.
exec cat
