# shellcheck shell=sh disable=SC2034,SC2154
# ARGS: limit in seconds, then one of the looks below with its arguments. Waiting changes nothing, so
# it is all probe; check mode looks once.
wait_for_probe() {
  wf_limit=$1
  shift
  if "$@"; then return 0; fi
  if [ "$BDE_MODE" = check ]; then
    bde_detail="not so now${bde_would:+, depends on $bde_would}"
    return 3
  fi
  bde_now
  wf_end=$((bde_now + wf_limit * 100))
  while [ "$bde_now" -lt "$wf_end" ]; do
    sleep 0.2
    "$@" && { wait_for_over; return 0; }
    bde_now
  done
  bde_detail="not so after $wf_limit s${wf_said:+: $wf_said}"
  return 2
}

# What was waited for may have changed what was seen before.
wait_for_over() {
  bde_void_files
  bde_void_units
}

wait_for_act() { :; }

# ARGS: port as four hex digits, port. Listening sockets of this node, whatever the address.
wait_for_listen() {
  wf_said="nothing listens on port $2"
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q " [0-9A-F]*:$1 [0-9A-F:]* 0A "
}

# ARGS: host, port. curl's exit code does not tell a silent server from one that is not there; the connect time does.
wait_for_connect() {
  wf_said="$1 does not answer on port $2"
  wf_time=$(curl -s -m 2 -o /dev/null -w '%{time_connect}' "telnet://$1:$2" 2>/dev/null)
  case $wf_time in *[1-9]*) return 0 ;; esac
  return 1
}

# ARGS: url, wanted status.
wait_for_http() {
  wf_status=$(curl -s -m 5 -o /dev/null -w '%{http_code}' -- "$1" 2>/dev/null)
  wf_said="$1 answers ${wf_status:-nothing} instead of $2"
  [ "$wf_status" = "$2" ]
}

wait_for_file() {
  wf_said="$1 is absent"
  [ -e "$1" ]
}

# A unit that is still starting (`Type=notify`, `oneshot`) is not there yet.
wait_for_service() {
  wf_said="$1 is $(systemctl is-active -- "$1" 2>/dev/null)"
  systemctl is-active -q -- "$1" 2>/dev/null
}

wait_for_command() {
  wf_said='the command fails'
  (umask 022; bde_alone timeout -k 2 "$wf_limit" sh -c "$1") >/dev/null 2>&1
}
