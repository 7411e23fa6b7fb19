/** @type {import('./server.mjs').Server} */
export const dropbear = {
  name: 'dropbear',
  runs: 'Dropbear',
  packages: ['dropbear-bin'],
  ports: [
    {
      port: 2222,
      protocol: 'ssh',
      product: 'Dropbear',
      version: ({ upstream }) => upstream('dropbear-bin'),
      answers: { with: /^SSH-2\.0-dropbear_/ },
    },
  ],
  script: `
dropbearkey -t ed25519 -f key >/dev/null
dropbear -F -E -p 2222 -r key -P /run/dropbear.pid
`,
}
