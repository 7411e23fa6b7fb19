// @ts-check
// `npm test`: sets up what is missing, then runs every check and every test and counts them.
import { onRecentNode } from './node-floor.mjs'

void onRecentNode(() => import('./test-run.mjs').then(({ testRun }) => testRun(process.argv.slice(2))))
