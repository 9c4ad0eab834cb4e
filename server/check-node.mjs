// Plain JavaScript on purpose: it must run on the old Node that it turns away.
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  process.stderr.write(
    `Easel needs Node 24 or later; this is ${process.version}. On Linux x64 "npm ci" brings its own.\n`,
  )
  process.exit(1)
}
