import { createLab } from '@portkit/lab'
const lab = await createLab()
try {
  for (const snap of ['128','256']) { const r = await lab.exec(process.execPath, ['/work/main/packages/core/zzraw.mjs', lab.target.address4, snap]); console.log(snap, r.stdout, r.stderr.slice(0,400)) }
} finally { await lab.remove() }
