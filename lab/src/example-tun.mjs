/**
 * What the far addresses of `pnpm lab up` do: 10.79.0.N and fd79::N answer after N tens of milliseconds, .100 loses every
 * third SYN, .101 the first SYN of each connection, .102 a fifth of them at random.
 * @type {import('./tun.mjs').TunConfig}
 */
export const exampleTun = {
  rules: [
    { ports: '111', does: 'closed', delayMs: 20 },
    { ports: '137', does: 'stealth' },
    ...both(100, { delayMs: 20, lose: { every: 3 } }),
    ...both(101, { delayMs: 20, lose: { first: 1 } }),
    ...both(102, { delayMs: 20, jitterMs: 10, lose: { share: 0.2 } }),
    ...[1, 2, 5, 10, 30].flatMap((host) => both(host, { delayMs: 10 * host })),
  ],
}

/** @param {number} host @param {import('./tun.mjs').TunRule} rule */
function both(host, rule) {
  return [`10.79.0.${host}`, `fd79::${host}`].map((to) => ({ ...rule, to }))
}
