import { svn } from '../src/protocols/files/svn.ts'
import { detectorTests } from './detector-kit.ts'

const capabilities =
  'edit-pipeline svndiff1 accepts-svndiff2 absent-entries commit-revprops depth log-revprops'

detectorTests(svn, [
  {
    title: 'by its greeting (svnserve 1.14)',
    octets: `( success ( 2 2 ( ) ( ${capabilities} ) ) ) `,
    service: { protocol: 'svn', info: 'protocol 2', details: { capabilities: capabilities.split(' ') } },
  },
  {
    title: 'by that of an old one',
    octets: '( success ( 1 2 ( ANONYMOUS CRAM-MD5 ) ( edit-pipeline ) ) ) ',
    service: {
      protocol: 'svn',
      info: 'protocol 2',
      details: { capabilities: ['edit-pipeline'], mechanisms: ['ANONYMOUS', 'CRAM-MD5'] },
    },
  },
  { title: 'not by a part of it', octets: '( success ( 2 2 ( ) ( edit', service: undefined },
  { title: 'not by other lists', octets: '( success ( yes ) ) ', service: undefined },
])
