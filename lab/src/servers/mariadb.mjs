import { HOME } from './server.mjs'

const COMMON = `mariadbd --no-defaults --user=root --innodb=OFF --default-storage-engine=MyISAM --bind-address='*' \\
  --ssl-cert=${HOME}/cert.pem --ssl-key=${HOME}/key.pem`

/** @param {string} name @param {string} script */
function start(name, script) {
  return `mkdir -p ${name}/mysql\n${script}`
}

/** A server that lets in everybody, with TLS, and one that refuses every host but its own. @type {import('./server.mjs').Server} */
export const mariadb = {
  name: 'mariadb',
  runs: 'MariaDB',
  packages: ['mariadb-server-core'],
  ports: [
    {
      port: 3306,
      startTls: true,
      protocol: 'mysql',
      product: 'MariaDB',
      version: ({ upstream }) => upstream('mariadb-server-core'),
      answers: { with: /^....\n5\.5\.5-[\d.]+-MariaDB/s },
    },
    {
      port: 3307,
      protocol: 'mysql',
      product: 'MariaDB',
      answers: { with: /^....\xffj.*is not allowed to connect to this MariaDB server/s },
    },
  ],
  files: ({ key, cert }) => ({ 'key.pem': key, 'cert.pem': cert }),
  script: [
    start('open', `${COMMON} --datadir=${HOME}/open --port=3306 --socket=${HOME}/a --skip-grant-tables &`),
    start('shut', ''),
    `(echo 'use mysql;'; cat /usr/share/mysql/mysql_system_tables.sql) |`,
    `  mariadbd --no-defaults --bootstrap --user=root --datadir=${HOME}/shut --default-storage-engine=MyISAM \\`,
    `    --innodb=OFF --silent-startup`,
    `${COMMON} --datadir=${HOME}/shut --port=3307 --socket=${HOME}/b`,
  ].join('\n'),
}
