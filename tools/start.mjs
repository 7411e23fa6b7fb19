// @ts-check
// `npm start -- TOOL ARGS...`: sets up what is missing, then is the tool. Without a tool: the demonstration.
import { onRecentNode } from './node-floor.mjs'

void onRecentNode(() => import('./launch.mjs').then(({ launch }) => launch(process.argv.slice(2))))
