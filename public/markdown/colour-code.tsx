import { tokenize } from '@speed-highlight/core'
import type { ComponentChild } from 'preact'
import '../styles/code-colours.css'

/** What models write after the three backticks, and the grammar for it. */
const grammars: Readonly<Record<string, string>> = {
  asm: 'asm',
  bash: 'bash',
  c: 'c',
  'c++': 'c',
  console: 'bash',
  cpp: 'c',
  cs: 'java',
  csharp: 'java',
  css: 'css',
  csv: 'csv',
  diff: 'diff',
  docker: 'docker',
  dockerfile: 'docker',
  go: 'go',
  golang: 'go',
  h: 'c',
  html: 'html',
  http: 'http',
  ini: 'ini',
  java: 'java',
  javascript: 'js',
  js: 'js',
  json: 'json',
  jsonc: 'json',
  jsx: 'js',
  kotlin: 'java',
  lua: 'lua',
  make: 'make',
  makefile: 'make',
  markdown: 'md',
  md: 'md',
  mjs: 'js',
  patch: 'diff',
  perl: 'pl',
  pl: 'pl',
  py: 'py',
  python: 'py',
  regex: 'regex',
  rs: 'rs',
  rust: 'rs',
  scss: 'css',
  sh: 'bash',
  shell: 'bash',
  sql: 'sql',
  svg: 'xml',
  toml: 'toml',
  ts: 'ts',
  tsx: 'ts',
  typescript: 'ts',
  xml: 'xml',
  yaml: 'yaml',
  yml: 'yaml',
  zsh: 'bash',
}

/** Code in coloured pieces; undefined for a language without a grammar. All pieces joined are the code. */
export async function colourCode(code: string, language: string): Promise<ComponentChild[] | undefined> {
  const key = language.toLowerCase()
  const grammar = Object.hasOwn(grammars, key) ? grammars[key] : undefined
  if (grammar === undefined) return undefined
  const pieces: ComponentChild[] = []
  await tokenize(code, grammar, (text, token) => {
    if (text !== '')
      pieces.push(token === undefined ? text : <span class={`token token--${token}`}>{text}</span>)
  })
  return pieces
}
