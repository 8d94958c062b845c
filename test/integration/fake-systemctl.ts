/** A systemctl that keeps each unit's state in a file (`LOAD ACTIVE FILE RELOAD`) and notes what it was asked. */
export const SYSTEMCTL = `#!/bin/sh
echo "$*" >>"$UNITS/../asked"
verb=$1; shift
units=
for word in "$@"; do case $word in -* | LoadState | ActiveState | UnitFileState | NeedDaemonReload) ;; *) units="$units $word" ;; esac; done
for unit in $units; do
  read -r load active file reload 2>/dev/null <"$UNITS/$unit" || { load=not-found active=inactive file= reload=no; }
  case $verb in
    show) [ -z "$shown" ] || echo; shown=1; printf 'LoadState=%s\\nActiveState=%s\\nUnitFileState=%s\\nNeedDaemonReload=%s\\n' "$load" "$active" "$file" "$reload" ;;
    start | restart | reload-or-restart) [ ! -e "$UNITS/../broken" ] || { echo "Job for $unit failed." >&2; exit 1; }; active=active ;;
    stop) active=inactive ;;
    enable) file=enabled ;;
    disable) file=disabled ;;
    mask) load=masked file=masked active=inactive ;;
    unmask) load=loaded file=disabled ;;
  esac
  case $verb in show) ;; *) echo "$load $active $file $reload" >"$UNITS/$unit" ;; esac
done
if [ "$verb" = daemon-reload ]; then
  for unit in $(ls "$UNITS"); do read -r load active file reload <"$UNITS/$unit"; echo "$load $active $file no" >"$UNITS/$unit"; done
fi
`;
