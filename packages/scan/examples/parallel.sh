#!/bin/sh
# A scan in parts on the processors of this machine, by GNU parallel; then one report.
#
#   ./parallel.sh 8 -p- 10.0.0.0/24
#
# RESULTS is the folder for the results, which must not be there yet; SEED any number of 32 bits.
# Further options for parallel may stand in PARALLEL, such as --sshlogin HOST.
set -eu
parts=$1
shift
results=${RESULTS:-results}
mkdir "$results"

seq "$parts" | parallel --quote --joblog "$results/jobs.tsv" \
  portscan --shard "{}/$parts" --seed "${SEED:-7}" -oX "$results/part-{}.xml" "$@" >"$results/parts.txt"

portscan merge -oX "$results/all.xml" "$results"/part-*.xml
