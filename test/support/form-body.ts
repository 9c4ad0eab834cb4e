/** A multipart body (RFC 7578) with one file, as browsers make it, for `Client.ask`. */
export function formBody(
  file: Uint8Array,
  type = 'image/png',
): { headers: Record<string, string>; body: Uint8Array } {
  const boundary = 'a-boundary-of-the-tests'
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="picture"\r\nContent-Type: ${type}\r\n\r\n`
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([Buffer.from(head), file, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  }
}
