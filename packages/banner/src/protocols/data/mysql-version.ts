import { clip } from '../../model/clip.ts'
import type { Service } from '../../model/service.ts'

type Named = Pick<Service, 'product' | 'version' | 'os'>

/** A prefix that old clients needed, which is not the version of anything: `5.5.5-10.11.19-MariaDB`. */
const MARIADB = /^(?:5\.5\.5-)?(\d{1,4}\.\d{1,4}\.\d{1,4}(?:-\d{1,4})?)-MariaDB/
/** These tell the version of MySQL that they are compatible with, and then their own: `8.0.11-TiDB-v7.5.1`. */
const COMPATIBLE = /^[\d.]{1,20}-(TiDB|OceanBase|Vitess)(?:-v(\d[\w.]{0,40}))?/
/** What MySQL and Debian's and Ubuntu's packages put behind a version. */
const MYSQL =
  /^(\d{1,4}\.\d{1,4}\.\d{1,4}[a-z]?)(?:-(?:log|debug|community|commercial|enterprise|cluster|standard|nt)|-\d{1,4}(?:ubuntu|[+~]deb)[\w.~+]{0,40}){0,5}$/

/**
 * The server version of a MySQL greeting: `5.5.5-10.11.19-MariaDB-0+deb12u1`, `8.0.36-0ubuntu0.22.04.1`. Another text has
 * no product, for forks of MySQL tell theirs by nothing else: `8.0.35-27` is Percona's.
 */
export function mysqlVersion(text: string): Named {
  return { ...productOf(text), ...osOf(text) }
}

function productOf(text: string): Named {
  const mariadb = MARIADB.exec(text)?.[1]
  if (mariadb !== undefined) return { product: 'MariaDB', version: mariadb }
  const [, product, own] = COMPATIBLE.exec(text) ?? []
  if (product !== undefined) return own === undefined ? { product } : { product, version: own }
  const version = MYSQL.exec(text)?.[1]
  return version === undefined ? { version: clip(text) } : { product: 'MySQL', version }
}

/** The system whose package says so of itself. */
function osOf(text: string): Named {
  if (/ubuntu|-ubu\d/i.test(text)) return { os: 'Ubuntu' }
  return /[+~]deb\d|-debian/i.test(text) ? { os: 'Debian' } : {}
}
