#!/bin/bash
# A scan in 16 parts as a Slurm array; then one report:
#
#   array=$(sbatch --parsable slurm.sh -p- 10.0.0.0/16)
#   sbatch --dependency=afterok:"$array" --wrap 'portscan merge -oX all.xml -oN all.txt part-*.xml'
#
#SBATCH --job-name=portscan
#SBATCH --array=1-16
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --mem=512M
#SBATCH --output=part-%a.txt
set -eu

# `auto` reads SLURM_ARRAY_TASK_ID, and how many tasks the array has.
portscan --shard auto --seed "${SEED:-7}" -oX "part-$SLURM_ARRAY_TASK_ID.xml" "$@"
