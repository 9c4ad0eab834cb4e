import { expect, it } from 'vitest'
import { addressLimit, nameLimit, networkOf } from '../../server/accounts/throttle.ts'
import { usernameKey } from '../../server/accounts/username.ts'

const networks: [address: string | undefined, network: string][] = [
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002:ffff::', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  [undefined, 'unknown'],
]
for (const [address, network] of networks) {
  it(`counts ${address} as ${network}`, () => {
    expect(networkOf(address)).toBe(network)
    expect(addressLimit(address).bucket).toContain(network)
  })
}

it('counts one name however it is written, and does not keep it', () => {
  const bucket = nameLimit(usernameKey(' ＡＮＮＡ')).bucket
  expect(bucket).toBe(nameLimit(usernameKey('anna')).bucket)
  expect(bucket).not.toContain('anna')
  expect(bucket).not.toBe(nameLimit(usernameKey('anne')).bucket)
})
