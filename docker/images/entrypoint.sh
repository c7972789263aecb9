#!/bin/sh
# kkt-farm <process> [options]: runs one process of the farm as process 1, so that it hears SIGTERM itself.
set -eu

case "${1:-help}" in
  receipt-api | hardware-driver | ofd-relay | worker | ofd) entry="apps/$1/src/main" ;;
  admin-console | rental-cabinet) entry="apps/$1/server/src/main" ;;
  # Applies migrations and ends. Safe to repeat, and to run by several at once: a lock in the database decides.
  migrate) entry="tools/farm/migrate-and-seed"; set -- migrate database ;;
  reconcile) entry="tools/reconcile" ;;
  emulator) entry="hardware/emulator/src/main" ;;
  *)
    echo "usage: kkt-farm receipt-api|hardware-driver|ofd-relay|worker|admin-console|rental-cabinet|ofd|migrate|reconcile|emulator [options]" >&2
    [ "${1:-help}" = help ] && exit 0 || exit 64
    ;;
esac
shift
exec node --enable-source-maps "/farm/dist/$entry.js" "$@"
