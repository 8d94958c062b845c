# shellcheck shell=sh disable=SC2034,SC2154
# bde_lack WHAT: for probes that need what an earlier resource of the same run may bring. In a check where one would change
# something it is not known yet; otherwise nothing can be done.
bde_lack() {
  bde_detail=$1
  if [ "$BDE_MODE" != check ] || [ -z "$bde_would" ]; then return 2; fi
  bde_detail="$1, depends on $bde_would"
  return 3
}
