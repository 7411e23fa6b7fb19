// What a tool says about itself when it is asked: bundled apart from the tools, because it is rarely wanted.
export { completionScript } from './cli/completion.ts'
export { helpText } from './cli/help.ts'
export { manPage } from './cli/man.ts'
