// @ts-check
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprint } from './fingerprint.mjs'
import { listPackages, toolFiles } from './packages.mjs'

const INSTALL_INPUTS = ['.npmrc', 'package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml']
const BUILD_INPUTS = ['package.json', 'pnpm-lock.yaml', 'tsconfig.base.json', 'turbo.json']

/** What the installation depends on. @param {string} root */
export function installInputs(root) {
  const manifests = ['lab', 'bench', ...packageFolders(root)].map((folder) => `${folder}/package.json`)
  return `${process.platform} ${process.arch}\n${fingerprint(root, [...INSTALL_INPUTS, ...manifests])}`
}

/** What the build depends on. @param {string} root */
export function buildInputs(root) {
  const sources = packageFolders(root).flatMap((folder) =>
    ['package.json', 'tsconfig.json', 'src'].map((entry) => `${folder}/${entry}`),
  )
  return fingerprint(root, [...BUILD_INPUTS, ...sources])
}

/** @param {string} root */
function packageFolders(root) {
  return readdirSync(join(root, 'packages')).map((entry) => `packages/${entry}`)
}

/** Whether nothing that the installation depends on changed since. @param {string} root */
export function isInstalled(root) {
  return readStamp(root, 'installed') === installInputs(root)
}

/** Whether every tool is there and nothing that it is built from changed since. @param {string} root */
export function isBuilt(root) {
  const files = [...toolFiles(listPackages(root)).values()]
  return files.every((file) => existsSync(file)) && readStamp(root, 'built') === buildInputs(root)
}

/** @param {string} root */
export function stampFolder(root) {
  return join(root, 'node_modules', '.portkit')
}

/**
 * @param {string} root
 * @param {'installed' | 'built'} name
 */
function readStamp(root, name) {
  try {
    return readFileSync(join(stampFolder(root), name), 'utf8')
  } catch {
    return undefined
  }
}

/**
 * @param {string} root
 * @param {'installed' | 'built'} name
 * @param {string} text what the step depended on when it began, so that a change meanwhile is seen the next time
 */
export function writeStamp(root, name, text) {
  mkdirSync(stampFolder(root), { recursive: true })
  writeFileSync(join(stampFolder(root), name), text)
}
